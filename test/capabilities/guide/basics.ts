import type { SampleRow } from './guide.ts'
import { FLASH_2_5, FLASH_2_5_PREVIEW, FLASH_3_1, PRO, TEXT_AND_IMAGE } from './models.ts'
import { chat, closed, generation, interaction, tabs } from './requests.ts'

const PEOPLE = ['words', 'a.png', 'b.png', 'c.png', 'd.png', 'e.png'] as const
const PEOPLE_JPEG = ['words', 'a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg'] as const
const GROUP = ['aspectRatio: 5:4', 'size: 2K']
const GROUP_FORMAT = { image: { aspect_ratio: '5:4', image_size: '2K' } }
const GROUP_CONFIG = { ...TEXT_AND_IMAGE, imageConfig: { aspectRatio: '5:4', imageSize: '2K' } }
const WEB = 'grounding: { web: true }'
const WITH_TEXT = 'output: text-and-image'
const TRANSLATED = 'turns: [{ prompt: NEXT, aspectRatio: 16:9, size: 2K }]'
const TRANSLATED_FORMAT = {
  response_format: {
    type: 'image',
    mime_type: 'image/png',
    aspect_ratio: '16:9',
    image_size: '2K',
  },
}
const TRANSLATED_CONFIG = { imageConfig: { aspectRatio: '16:9', imageSize: '2K' } }
const PREVIOUS = 'v1_of-the-first-turn'

/** Samples of the guide's first half: what its models do. */
export const BASICS: readonly SampleRow[] = [
  {
    shows: 'a first picture',
    as: 'text to image',
    prints: [
      ...interaction(
        '000',
        { Python: 44, JavaScript: 68, REST: 102 },
        { model: FLASH_3_1, inputs: { Python: 'list', JavaScript: 'plain', REST: 'typed' } },
      ),
      ...generation('001', { Python: 36 }, { model: FLASH_2_5_PREVIEW }),
      tabs('001', 37, ['JavaScript', 'Go', 'REST']),
      ...generation('002', { Python: 15 }, { model: FLASH_2_5 }),
      tabs('002', 16, ['JavaScript', 'Go', 'Java', 'REST']),
      ...generation('003', { JavaScript: 26, REST: 59 }, { model: FLASH_2_5 }),
    ],
  },
  {
    shows: 'a picture that is made of a photograph',
    as: 'editing an image by words',
    prints: [
      ...interaction(
        '000',
        { Python: 123, JavaScript: 153 },
        {
          model: FLASH_3_1,
          parts: ['words', 'cat.png'],
          settings: ['aspectRatio: auto'],
          inputs: { Python: 'list', JavaScript: 'mixed' },
        },
      ),
      ...interaction(
        '000',
        { REST: 198 },
        {
          model: FLASH_3_1,
          parts: ['words', 'cat.jpg'],
          settings: ['aspectRatio: auto'],
          inputs: { REST: 'typed' },
        },
      ),
      ...generation(
        '001',
        { Python: 71 },
        {
          model: FLASH_2_5_PREVIEW,
          parts: ['words', 'cat.png'],
          settings: ['aspectRatio: auto'],
        },
      ),
      tabs('001', 72, ['JavaScript', 'Go', 'REST']),
      ...generation(
        '002',
        { Python: 50 },
        {
          model: FLASH_2_5,
          parts: ['words', 'cat.png'],
          settings: ['aspectRatio: auto'],
        },
      ),
      tabs('002', 51, ['JavaScript', 'Go', 'Java', 'REST']),
      ...generation(
        '003',
        { JavaScript: 89 },
        {
          model: FLASH_2_5,
          parts: ['words', 'cat.png'],
          settings: ['aspectRatio: auto'],
        },
      ),
      ...generation(
        '003',
        { REST: 134 },
        {
          model: FLASH_2_5,
          parts: ['words', 'cat.jpg'],
          settings: ['aspectRatio: auto'],
        },
      ),
    ],
  },
  {
    shows: 'the first turn of a conversation: a diagram of facts that are looked up',
    as: 'grounding with web search',
    prints: [
      ...interaction(
        '000',
        { Python: 220, JavaScript: 243, REST: 275 },
        {
          model: FLASH_3_1,
          settings: [WEB],
          inputs: { Python: 'plain', JavaScript: 'plain', REST: 'messages' },
          rest: {
            Python: { tools: [{ google_search: {} }] },
            JavaScript: { tools: [{ googleSearch: {} }] },
            REST: { tools: [{ google_search: {} }] },
          },
        },
      ),
      ...generation(
        '002',
        { Python: 84 },
        { model: PRO, settings: [WEB], config: TEXT_AND_IMAGE, tools: [{}] },
      ),
      tabs('002', 85, ['Javascript', 'Go', 'Java', 'REST']),
      ...generation(
        '003',
        { Javascript: 178 },
        { model: PRO, settings: [WEB], config: TEXT_AND_IMAGE, tools: [{}] },
      ),
      ...generation(
        '003',
        { REST: 213 },
        { model: PRO, settings: [WITH_TEXT], config: TEXT_AND_IMAGE },
      ),
    ],
  },
  {
    shows: 'the second turn: the same diagram in another language, larger and wider',
    as: 'multi-turn editing',
    prints: [
      ...interaction(
        '000',
        { Python: 295, JavaScript: 318, REST: 341 },
        {
          model: FLASH_3_1,
          settings: [WEB, 'format: png', TRANSLATED],
          serverState: true,
          differs: ['search-stays'],
          inputs: { Python: 'turn', JavaScript: 'turn', REST: 'turnMessages' },
          rest: {
            all: { previous_interaction_id: PREVIOUS, ...TRANSLATED_FORMAT },
            JavaScript: { previousInteractionId: PREVIOUS, ...TRANSLATED_FORMAT },
          },
        },
      ),
      ...chat(
        '002',
        { Python: 115 },
        {
          model: PRO,
          settings: [WEB, TRANSLATED],
          differs: ['search-stays'],
          configs: [{ ...TEXT_AND_IMAGE, tools: [{ googleSearch: {} }] }, TRANSLATED_CONFIG],
        },
      ),
      tabs('002', 116, ['Javascript', 'Go', 'Java', 'REST']),
      ...chat(
        '003',
        { Javascript: 244 },
        {
          model: PRO,
          settings: [WEB, TRANSLATED],
          configs: [
            { ...TEXT_AND_IMAGE, tools: [{ googleSearch: {} }] },
            { ...TEXT_AND_IMAGE, ...TRANSLATED_CONFIG, tools: [{ googleSearch: {} }] },
          ],
        },
      ),
      ...chat(
        '003',
        { REST: 276 },
        {
          model: PRO,
          settings: [
            WITH_TEXT,
            'turns: [{ prompt: NEXT, aspectRatio: 16:9, size: 2K, grounding: { web: true } }]',
          ],
          configs: [
            TEXT_AND_IMAGE,
            { ...TEXT_AND_IMAGE, ...TRANSLATED_CONFIG, tools: [{ googleSearch: {} }] },
          ],
        },
      ),
    ],
  },
  {
    shows: 'five people from five photographs, in one picture',
    as: 'composing several images',
    prints: [
      ...interaction(
        '000',
        { Python: 384, REST: 461 },
        {
          model: FLASH_3_1,
          parts: PEOPLE,
          settings: GROUP,
          inputs: { Python: 'list', REST: 'typed' },
          rest: { all: { response_format: GROUP_FORMAT } },
        },
      ),
      ...interaction(
        '000',
        { JavaScript: 422 },
        {
          model: FLASH_3_1,
          parts: PEOPLE_JPEG,
          settings: GROUP,
          inputs: { JavaScript: 'mixed' },
          rest: { all: { responseFormat: { image: { aspectRatio: '5:4', imageSize: '2K' } } } },
        },
      ),
      ...generation(
        '002',
        { Python: 153 },
        { model: PRO, parts: PEOPLE, settings: [...GROUP, WITH_TEXT], config: GROUP_CONFIG },
      ),
      tabs('002', 154, ['Javascript', 'Go', 'Java', 'REST']),
      ...generation(
        '003',
        { Javascript: 328 },
        { model: PRO, parts: PEOPLE_JPEG, settings: [...GROUP, WITH_TEXT], config: GROUP_CONFIG },
      ),
      ...generation(
        '003',
        { REST: 406 },
        { model: PRO, parts: PEOPLE, settings: [...GROUP, WITH_TEXT], config: GROUP_CONFIG },
      ),
    ],
  },
  {
    shows: 'a chart of data that is looked up on the web',
    as: 'grounding with web search',
    prints: [
      ...interaction(
        '000',
        { Python: 493, REST: 558 },
        {
          model: FLASH_3_1,
          settings: [WEB, 'aspectRatio: 16:9', 'format: png'],
          inputs: { Python: 'plain', REST: 'typed' },
          rest: {
            all: {
              tools: [{ google_search: {} }],
              response_format: { type: 'image', mime_type: 'image/png', aspect_ratio: '16:9' },
            },
          },
        },
      ),
      ...interaction(
        '000',
        { JavaScript: 522 },
        {
          model: FLASH_3_1,
          settings: [WEB, 'aspectRatio: 16:9', 'size: 2K', 'format: png'],
          inputs: { JavaScript: 'plain' },
          rest: { all: { tools: [{ googleSearch: {} }], ...TRANSLATED_FORMAT } },
        },
      ),
      ...generation(
        '002',
        { Python: 199 },
        {
          model: PRO,
          settings: [WEB, 'aspectRatio: 16:9'],
          config: { responseModalities: ['Text', 'Image'], imageConfig: { aspectRatio: '16:9' } },
          tools: [{}],
        },
      ),
      tabs('002', 200, ['Javascript', 'Java', 'REST']),
      ...generation(
        '003',
        { Javascript: 466 },
        {
          model: PRO,
          settings: [WEB, 'aspectRatio: 16:9', 'size: 2K'],
          config: { ...TEXT_AND_IMAGE, ...TRANSLATED_CONFIG },
          differs: ['search-forgotten'],
        },
      ),
      ...generation(
        '003',
        { REST: 510 },
        {
          model: PRO,
          settings: [WEB, 'aspectRatio: 16:9'],
          config: { ...TEXT_AND_IMAGE, imageConfig: { aspectRatio: '16:9' } },
          tools: [{}],
        },
      ),
    ],
  },
  {
    shows: 'a species that is looked up among pictures as well',
    as: 'grounding with image search',
    prints: interaction(
      '000',
      { Python: 587, JavaScript: 603, REST: 623 },
      {
        model: FLASH_3_1,
        settings: ['grounding: { web: true, images: true }'],
        inputs: { Python: 'plain', JavaScript: 'plain', REST: 'plain' },
        rest: {
          Python: { tools: [{ google_search: { search_types: ['web_search', 'image_search'] } }] },
          JavaScript: {
            tools: [{ googleSearch: { searchTypes: ['web_search', 'image_search'] } }],
          },
          REST: {
            tools: [{ type: 'google_search', search_types: ['web_search', 'image_search'] }],
          },
        },
      },
    ),
  },
  {
    shows: 'a picture in a size that is named',
    as: 'aspect ratio and size',
    prints: [
      ...interaction(
        '000',
        { Python: 653, JavaScript: 685, REST: 722 },
        {
          model: FLASH_3_1,
          settings: ['aspectRatio: 1:1', 'size: 1K', 'format: png'],
          inputs: { Python: 'plain', JavaScript: 'plain', REST: 'messages' },
          rest: {
            all: {
              response_format: [
                {
                  type: 'image',
                  mime_type: 'image/png',
                  aspect_ratio: '1:1',
                  image_size: '1K',
                },
              ],
            },
          },
        },
      ),
      ...generation(
        '002',
        { Python: 238 },
        {
          model: PRO,
          settings: [WITH_TEXT, 'aspectRatio: 1:1', 'size: 1K'],
          config: { ...TEXT_AND_IMAGE, imageConfig: { aspectRatio: '1:1', imageSize: '1K' } },
        },
      ),
      tabs('002', 239, ['Javascript', 'Go', 'Java', 'REST']),
      ...generation(
        '003',
        { Javascript: 543 },
        {
          model: PRO,
          settings: [WITH_TEXT, 'aspectRatio: 1:1', 'size: 1K'],
          config: { ...TEXT_AND_IMAGE, imageConfig: { aspectRatio: '1:1', imageSize: '1K' } },
        },
      ),
      ...generation(
        '003',
        { REST: 587 },
        {
          model: PRO,
          settings: [WEB, 'aspectRatio: 1:1', 'size: 1K'],
          config: { ...TEXT_AND_IMAGE, imageConfig: { aspectRatio: '1:1', imageSize: '1K' } },
          tools: [{}],
        },
      ),
    ],
  },
  {
    shows: 'a loop over the thoughts of an answer',
    as: 'thoughts, kept for looking at',
    test: 'test/capabilities/capabilities.test.ts',
    prints: [
      closed('000', { Python: 754, JavaScript: 765 }),
      tabs('002', 281, ['Python', 'Javascript']),
      closed('003', { Javascript: 619 }),
    ],
  },
  {
    shows: 'an answer of text and pictures in turn, with the signatures that go back',
    as: 'multi-turn editing',
    test: 'packages/core/test/answers.test.ts',
    prints: [closed('002', { JSON: 302 }), closed('003', { JSON: 649 })],
  },
  {
    shows: 'a level of thinking',
    as: 'thinking level',
    prints: interaction(
      '000',
      { Python: 786, JavaScript: 810, REST: 840 },
      {
        model: FLASH_3_1,
        settings: ['thinking: high'],
        inputs: { Python: 'plain', JavaScript: 'plain', REST: 'messages' },
        rest: {
          all: { generation_config: { thinking_level: 'High' } },
          JavaScript: { generationConfig: { thinkingLevel: 'High' } },
        },
      },
    ),
  },
  {
    shows: 'a batch: a file of requests, a job, its results',
    as: 'text and image',
    test: 'test/capabilities/guide/wire.test.ts',
    prints: [closed('003', { JavaScript: 723, REST: 828 })],
  },
  {
    shows: 'pictures without text',
    as: 'text to image',
    prints: [
      ...interaction(
        '000',
        { Python: 2182, JavaScript: 2190, REST: 2198 },
        {
          model: FLASH_3_1,
          inputs: { Python: 'list', JavaScript: 'plain', REST: 'typed' },
          rest: {
            Python: { response_modalities: ['image'] },
            JavaScript: { responseModalities: ['Image'] },
            REST: { responseModalities: ['Image'] },
          },
        },
      ),
      ...generation(
        '002',
        { Python: 681 },
        { model: FLASH_2_5, config: { responseModalities: ['Image'] } },
      ),
      tabs('002', 682, ['JavaScript', 'Go', 'Java', 'REST']),
      ...generation(
        '003',
        { JavaScript: 2196, REST: 2209 },
        { model: FLASH_2_5, config: { responseModalities: ['Image'] } },
      ),
      ...generation(
        '004',
        { Python: 52 },
        { model: FLASH_2_5, config: { responseModalities: ['Image'] } },
      ),
      tabs('004', 53, ['JavaScript', 'Go', 'Java', 'REST']),
    ],
  },
  {
    shows: 'a shape, and a size where the model has several',
    as: 'aspect ratio and size',
    prints: [
      ...interaction(
        '000',
        { Python: 2216, REST: 2242 },
        {
          model: FLASH_3_1,
          settings: ['aspectRatio: 16:9', 'size: 2K'],
          inputs: { Python: 'list', REST: 'messages' },
          rest: {
            all: { response_format: { image: { aspect_ratio: '16:9', image_size: '2K' } } },
          },
        },
      ),
      ...interaction(
        '000',
        { JavaScript: 2229 },
        {
          model: FLASH_3_1,
          settings: ['aspectRatio: 16:9', 'size: 2K'],
          inputs: { JavaScript: 'plain' },
          rest: { all: { responseFormat: { image: { aspectRatio: '16:9', imageSize: '2K' } } } },
        },
      ),
      ...(['002', '004'] as const).flatMap((version) => {
        const line = version === '002' ? 697 : 69
        return [
          ...generation(
            version,
            { Python: line },
            {
              model: FLASH_2_5,
              settings: ['aspectRatio: 16:9'],
              config: { imageConfig: { aspectRatio: '16:9' } },
            },
          ),
          ...generation(
            version,
            { Python: line },
            {
              model: PRO,
              settings: ['aspectRatio: 16:9', 'size: 2K'],
              config: TRANSLATED_CONFIG,
            },
          ),
          tabs(version, line + 1, ['JavaScript', 'Go', 'Java', 'REST']),
        ]
      }),
      ...generation(
        '003',
        { JavaScript: 2229, REST: 2244 },
        {
          model: FLASH_2_5,
          settings: ['aspectRatio: 16:9'],
          config: { imageConfig: { aspectRatio: '16:9' } },
        },
      ),
    ],
  },
]
