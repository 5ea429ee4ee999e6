import type { Label, Print, SampleRow } from './guide.ts'
import { FLASH_2_5, FLASH_3_1, PRO } from './models.ts'
import { closed, generation, interaction, tabs } from './requests.ts'

type Lines = Readonly<Partial<Record<Label, number>>>

const ALL_TABS = ['Template', 'Prompt', 'Python', 'Java', 'JavaScript', 'Go', 'REST'] as const
const FIRST_TABS = ['Template', 'Prompt', 'Python', 'JavaScript', 'Go', 'REST'] as const
const WORDS = { Python: 'plain', JavaScript: 'plain', REST: 'messages' } as const
const IMAGES = { Python: 'list', JavaScript: 'inline', REST: 'messages' } as const

/** Where a sample of the prompting guide stands in each version. */
interface Standing {
  /** Labels of the newest version, then those of code. */
  readonly newest: readonly [texts: Lines, code: Lines]
  /** The first tab of version 001. @default it is not there */
  readonly first?: number
  readonly second: number
  readonly third: readonly [texts: Lines, code: Lines]
}

interface Prompting extends Standing {
  readonly parts?: Parameters<typeof generation>[2]['parts']
  /** The model of version 003. @default Gemini 2.5 Flash Image */
  readonly model?: string
}

/** Versions 001 and 002 show the template alone, whose tabs stand side by side. */
function templateTabs({ first, second }: Standing): readonly Print[] {
  return [
    ...(first === undefined ? [] : [tabs('001', first, FIRST_TABS)]),
    tabs('002', second, ALL_TABS),
  ]
}

/** A prompt from words alone, or with images, and nothing else that is set. */
function plain({ parts, model = FLASH_2_5, ...standing }: Prompting): readonly Print[] {
  const { newest, third } = standing
  const hasImages = parts !== undefined
  const sent = {
    ...(parts && { parts }),
    ...(hasImages && { settings: ['aspectRatio: auto'] }),
  }
  return [
    closed('000', newest[0]),
    ...interaction('000', newest[1], {
      model: FLASH_3_1,
      inputs: hasImages ? IMAGES : WORDS,
      ...sent,
    }),
    ...templateTabs(standing),
    closed('003', third[0]),
    ...generation('003', third[1], { model, ...sent }),
  ]
}

const PNG_16_9 = { type: 'image', mime_type: 'image/png', aspect_ratio: '16:9' }

/** Samples of the guide's second half: how to write prompts. */
export const PROMPTING: readonly SampleRow[] = [
  {
    shows: 'a scene like a photograph',
    as: 'the template photorealistic-scene',
    prints: [
      closed('000', { Template: 879, Prompt: 885 }),
      ...interaction(
        '000',
        { Python: 889, JavaScript: 918, REST: 953 },
        {
          model: FLASH_3_1,
          settings: ['aspectRatio: 16:9', 'format: png'],
          inputs: WORDS,
          rest: { all: { response_format: [PNG_16_9] }, REST: { response_format: PNG_16_9 } },
        },
      ),
      tabs('001', 127, FIRST_TABS),
      tabs('002', 380, ALL_TABS),
      closed('003', { Template: 891, Prompt: 901 }),
      ...generation('003', { JavaScript: 915, REST: 948 }, { model: FLASH_2_5 }),
    ],
  },
  {
    shows: 'a sticker',
    as: 'the template sticker',
    prints: plain({
      newest: [
        { Template: 975, Prompt: 981 },
        { Python: 985, JavaScript: 1006, REST: 1034 },
      ],
      first: 144,
      second: 397,
      third: [
        { Template: 976, Prompt: 985 },
        { JavaScript: 994, REST: 1027 },
      ],
    }),
  },
  {
    shows: 'a logo with a name in it',
    as: 'the template text-in-image',
    prints: [
      closed('000', { Template: 1051, Prompt: 1057 }),
      ...interaction(
        '000',
        { Python: 1061, JavaScript: 1083, REST: 1112 },
        {
          model: FLASH_3_1,
          settings: ['aspectRatio: 1:1'],
          inputs: WORDS,
          rest: {
            all: { response_format: { type: 'image', aspect_ratio: '1:1' } },
            JavaScript: { responseFormat: { type: 'image', aspectRatio: '1:1' } },
          },
        },
      ),
      tabs('001', 160, FIRST_TABS),
      tabs('002', 413, ALL_TABS),
      closed('003', { Template: 1055, Prompt: 1064 }),
      ...generation(
        '003',
        { JavaScript: 1071, REST: 1109 },
        {
          model: PRO,
          settings: ['aspectRatio: 1:1'],
          config: { imageConfig: { aspectRatio: '1:1' } },
        },
      ),
    ],
  },
  {
    shows: 'a product in a studio',
    as: 'the template product-mockup',
    prints: plain({
      newest: [
        { Template: 1133, Prompt: 1141 },
        { Python: 1150, JavaScript: 1171, REST: 1199 },
      ],
      first: 176,
      second: 429,
      third: [
        { Template: 1142, Prompt: 1153 },
        { JavaScript: 1165, REST: 1198 },
      ],
    }),
  },
  {
    shows: 'a subject with room for words beside it',
    as: 'the template negative-space',
    prints: plain({
      newest: [
        { Template: 1216, Prompt: 1223 },
        { Python: 1230, JavaScript: 1251, REST: 1279 },
      ],
      first: 194,
      second: 447,
      third: [
        { Template: 1226, Prompt: 1236 },
        { JavaScript: 1246, REST: 1279 },
      ],
    }),
  },
  {
    shows: 'one panel of a comic, in words alone',
    as: 'the template comic-panel',
    test: 'test/capabilities/capabilities.test.ts',
    prints: [tabs('001', 211, FIRST_TABS)],
  },
  {
    shows: 'a comic of three panels, with a character from a photograph',
    as: 'the template comic-strip',
    prints: plain({
      newest: [
        { Template: 1296, Prompt: 1300 },
        { Python: 1304, JavaScript: 1329, REST: 1366 },
      ],
      second: 464,
      third: [
        { Template: 1307, Prompt: 1314 },
        { JavaScript: 1321, REST: 1365 },
      ],
      parts: ['words', 'man.jpg'],
      model: PRO,
    }),
  },
  {
    shows: 'a graphic of last night’s news',
    as: 'the template grounded-graphic',
    prints: [
      closed('000', { Prompt: 1391 }),
      ...interaction(
        '000',
        { Python: 1395, REST: 1450 },
        {
          model: FLASH_3_1,
          settings: ['grounding: { web: true }', 'aspectRatio: 16:9'],
          inputs: WORDS,
          rest: {
            all: {
              tools: [{ google_search: {} }],
              response_format: { type: 'image', aspect_ratio: '16:9' },
            },
          },
        },
      ),
      ...interaction(
        '000',
        { JavaScript: 1419 },
        {
          model: FLASH_3_1,
          settings: ['grounding: { web: true }', 'aspectRatio: 16:9', 'size: 2K'],
          inputs: WORDS,
          rest: {
            all: {
              tools: [{ googleSearch: {} }],
              responseFormat: { type: 'image', aspectRatio: '16:9', imageSize: '2K' },
            },
          },
        },
      ),
      tabs('002', 484, ['Prompt', 'Python', 'Java', 'JavaScript', 'Go', 'REST']),
    ],
  },
  {
    shows: 'something added to a photograph',
    as: 'the template add-or-remove',
    prints: plain({
      newest: [
        { Template: 1476, Prompt: 1482 },
        { Python: 1488, JavaScript: 1513, REST: 1550 },
      ],
      first: 231,
      second: 500,
      third: [
        { Template: 1407, Prompt: 1416 },
        { JavaScript: 1425, REST: 1469 },
      ],
      parts: ['words', 'cat.png'],
    }),
  },
  {
    shows: 'one thing in a room replaced',
    as: 'the template inpaint',
    prints: plain({
      newest: [
        { Template: 1579, Prompt: 1585 },
        { Python: 1591, JavaScript: 1616, REST: 1653 },
      ],
      first: 254,
      second: 522,
      third: [
        { Template: 1512, Prompt: 1521 },
        { JavaScript: 1530, REST: 1574 },
      ],
      parts: ['room.png', 'words'],
    }),
  },
  {
    shows: 'a photograph in a painter’s style',
    as: 'the template style-transfer',
    prints: plain({
      newest: [
        { Template: 1682, Prompt: 1686 },
        { Python: 1690, JavaScript: 1715, REST: 1748 },
      ],
      first: 277,
      second: 544,
      third: [
        { Template: 1617, Prompt: 1624 },
        { JavaScript: 1631, REST: 1675 },
      ],
      parts: ['street.png', 'words'],
    }),
  },
  {
    shows: 'a new picture from two photographs',
    as: 'the template combine',
    prints: plain({
      newest: [
        { Template: 1777, Prompt: 1783 },
        { Python: 1790, JavaScript: 1816, REST: 1857 },
      ],
      first: 298,
      second: 564,
      third: [
        { Template: 1718, Prompt: 1727 },
        { JavaScript: 1737, REST: 1790 },
      ],
      parts: ['dress.png', 'woman.png', 'words'],
    }),
  },
  {
    shows: 'a logo on a shirt, under a face that must not change',
    as: 'the template preserve-detail',
    prints: plain({
      newest: [
        { Template: 1891, Prompt: 1898 },
        { Python: 1906, JavaScript: 1932, REST: 1973 },
      ],
      first: 327,
      second: 590,
      third: [
        { Template: 1842, Prompt: 1852 },
        { JavaScript: 1863, REST: 1916 },
      ],
      parts: ['woman.png', 'logo.png', 'words'],
    }),
  },
  {
    shows: 'a photograph from a sketch',
    as: 'the template sketch-to-photo',
    prints: plain({
      newest: [
        { Template: 2007, Prompt: 2012 },
        { Python: 2016, JavaScript: 2041, REST: 2078 },
      ],
      second: 617,
      third: [
        { Template: 1968, Prompt: 1976 },
        { JavaScript: 1983, REST: 2027 },
      ],
      parts: ['sketch.png', 'words'],
      model: PRO,
    }),
  },
  {
    shows: 'the same person from another side',
    as: 'the template turn-around',
    prints: [
      ...plain({
        newest: [{ Template: 2107, Prompt: 2111 }, { Python: 2115 }],
        second: 638,
        third: [
          { Template: 2070, Prompt: 2077 },
          { JavaScript: 2084, REST: 2128 },
        ],
        parts: ['words', 'man.jpg'],
        model: PRO,
      }),
      tabs('004', 1, ['Prompt', 'Python', 'Java', 'JavaScript', 'Go', 'REST']),
    ],
  },
]
