import { isGeminiImageError } from '@gemini-image/core'
import {
  findAsked,
  findRequests,
  formatLockfile,
  formatPlace,
  parseLedger,
  parseLockfile,
  parsePromptFile,
  readRenditionQuery,
  validate,
} from '@gemini-image/core/internal'
import { parseRecord, formatRecord } from '../../packages/core/src/generate/batch/record-text.ts'
import type { Case, Lab, Row } from './lab.ts'
import { randomOf, type Random } from './random.ts'

/** A reader of ours, and texts to begin with. */
interface Target {
  readonly name: string
  readonly seeds: readonly string[]
  /** Reads a text; what it throws must be an error of ours with a place. */
  read(text: string): unknown
  /** Whether errors stand at a place of the text. @default true */
  readonly hasPlaces?: boolean
}

const ROOT = '/site'
const lockPlace = {
  file: `${ROOT}/gemini-image.lock`,
  path: 'gemini-image.lock',
  line: 1,
  column: 1,
}
const print = (number: number): string => number.toString(16).padStart(64, '0')
const ENTRY =
  '{"file":"hero.000000000001.jpg","object":"' +
  print(1) +
  '","type":"image/jpeg","width":64,"height":64,"model":"m","cost":0.03,"tokens":{"input":1,"image":1,"text":0},"created":"2026-11-21T00:00:00Z"}'
const JOB =
  '{"state":"pending","model":"m","file":"files/f","created":"2026-11-21T00:00:00Z","price":{"textIn":1,"textOut":7,"imageOut":30,"batch":0.5}}'
const MACRO = "import { geminiImage } from 'unplugin-gemini-image/macro'\n"

const TARGETS: readonly Target[] = [
  {
    name: 'prompt file',
    seeds: [
      '---\naspectRatio: 16:9\nalt: A fox\nvars: { a: b }\nstyle: [oil, ink]\n---\n\nA fox in {{a}}\n',
      '---\nalt: >\n  A fox\nreferences:\n  - ./a.png\n  - { file: b.png, label: c }\nturns: [At night, { prompt: In snow }]\nvariants: 3\n---\nA [c]\n',
      '---\nsheet: { idle: , walk: in a step }\nalt: { en: A fox, de: Ein Fuchs }\nscenes:\n  dark: { prompt: Night, scheme: { dark: .dark } }\n---\nA fox {{sheet}}\n',
      '---\neach: { language: [en, de] }\nvars: { hello: { en: Hello, de: Hallo } }\nlayers: [{ text: "{{hello}}", font: /a.woff, size: 9 }, { scrim: top }]\nalt: A\n---\nA\n',
      '---\nalt: "A"\nseed: -4 # why\ntemperature: 0.5\ncutOut: true\n---\n\n---\nA rule\n',
    ],
    read: (text) => {
      const declaration = parsePromptFile(text, `${ROOT}/a.prompt.md`, ROOT)
      return validate(declaration, {
        model: 'nano-banana',
        styles: { oil: 'In oil' },
        vars: {},
        root: ROOT,
        remoteHosts: ['example.com'],
      })
    },
  },
  {
    name: 'lockfile',
    seeds: [
      `version: 1\npictures:\n  ${print(1)}: ${ENTRY}\n  ${print(2)}: ${ENTRY}\n`,
      `version: 1\npictures:\n<<<<<<< HEAD\n  ${print(1)}: ${ENTRY}\n=======\n  ${print(2)}: ${ENTRY}\n>>>>>>> b\n`,
    ],
    read: (text) => {
      const { entries } = parseLockfile(text, lockPlace)
      const written = formatLockfile(entries)
      if (formatLockfile(parseLockfile(written, lockPlace).entries) !== written) {
        throw new Error('Written and read, it is another.')
      }
    },
  },
  {
    name: 'record of batch jobs',
    seeds: [
      `version: 1\njobs:\n  gemini-image-1: ${JOB}\nrequests:\n  ${print(1)} gemini-image-1: {"slug":"hero","at":["a.prompt.md",4,1],"label":"","variant":1,"pixels":{"width":1,"height":1},"withText":false,"estimate":{"least":0.1,"most":0.2}}\n`,
    ],
    read: (text) => {
      const written = formatRecord(parseRecord(text, lockPlace))
      if (formatRecord(parseRecord(written, lockPlace)) !== written)
        throw new Error('It is another.')
    },
  },
  {
    name: 'ledger',
    seeds: [`{"at":"2026-11-21T00:00:00Z","cost":0.03,"model":"m"}\n# a\n`],
    read: parseLedger,
  },
  {
    name: 'query',
    seeds: [
      'gemini-image&w=400;800&format=avif&quality=50',
      'w=10&h=20&fit=cover&position=attention',
      'preset=card&aspect=16:9&sizes=100vw',
    ],
    hasPlaces: false,
    read: (text) => {
      for (const form of ['picture', 'img', 'srcset', 'url'])
        readRenditionQuery(text, form, { presets: {}, forms: {} })
    },
  },
  ...(['js', 'tsx', 'vue', 'svelte', 'astro', 'html', 'css', 'scss', 'mdx'] as const).map(
    (kind): Target => ({
      name: `imports in ${kind}`,
      seeds: [
        "import a, { alt } from './a.prompt.md?gemini-image'\nconst b = await import(`./p/${c}.prompt.md?gemini-image`)\n",
        `<script>import a from './a.prompt.md?gemini-image'</script>\n<img src="./b.prompt.md?gemini-image&w=4">\n<style>a { background: url('./c.prompt.md?gemini-image') }</style>`,
        "a { background: url(./a.prompt.md?gemini-image) /* no */; b: image-set('./b.prompt.md?gemini-image' 1x) }",
        "const g = import.meta.glob(['./*.prompt.md', '!**/b.prompt.md'], { base: './p', query: { 'gemini-image': true } })",
      ],
      read: (text) => findRequests(text, `a.${kind}`),
    }),
  ),
  ...(['ts', 'tsx', 'astro', 'md', 'mdx', 'json', 'yaml'] as const).map((kind): Target => ({
    name: `declarations in ${kind}`,
    seeds: [
      `${MACRO}export const a = geminiImage({ prompt: 'A fox', aspectRatio: '16:9', vars: { a: [1, null] } })\n`,
      `---\nimport { GeminiImage } from 'astro-gemini-image/components'\n---\n<GeminiImage prompt="A fox" alt={'A'} w={400} />\n`,
      '---\ntitle: A\ncover:\n  prompt: A fox\n  alt: A\n---\n\n![fox](./a.prompt.md)\n\n```gemini-image\nalt: A\n---\nA fox\n```\n',
      '{ "cover": { "prompt": "A fox", "seed": 4 }, "gallery": [{ "prompt": "B" }] }',
      'cover: { prompt: A fox, turns: [a, b] }\nother: &x [1]\nmore: *x\n',
    ],
    read: (text) => {
      const { declarations } = findAsked(
        text,
        { file: `${ROOT}/a.${kind}`, root: ROOT },
        new Set(['cover', 'gallery']),
      )
      const failed = declarations.find(isGeminiImageError)
      if (failed) throw failed
    },
  })),
]

/** Pieces that readers stumble over. */
const NASTY = [
  '\0',
  '\uFEFF',
  '\r\n',
  '\n',
  '\u2028',
  '\uD83E',
  '\u{1F98A}',
  '"',
  "'",
  '`',
  '${',
  '}',
  '{{',
  '}}',
  '---',
  '---\n',
  '...',
  '<<<<<<< a\n',
  '=======\n',
  '>>>>>>> b\n',
  '../',
  '\\',
  '&x',
  '*x',
  '!!js/function',
  '? ',
  ': ',
  '- ',
  '#',
  '|',
  '>',
  '[',
  ']',
  '{',
  '/*',
  '*/',
  '//',
  '<!--',
  '-->',
  '<script>',
  '</script>',
  '</style>',
  '%',
  '%zz',
  '__proto__',
  'constructor',
  'null',
  'true',
  '.nan',
  '-.inf',
  '1e999',
  '-0',
  '9007199254740993',
  '\t',
  ' ',
  '\u00A0',
  '\u202E',
  '\u001B[31m',
  '::error::',
  'import ',
  'export ',
  'geminiImage(',
  '.prompt.md?gemini-image',
  'prompt:',
  'cover:',
  '?gemini-image&',
  ';',
  ',',
  '=>',
  '=',
  '<',
  '/>',
  '$&',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
]

/** A text that is a few changes away from one that is in order. */
function mutated(seeds: readonly string[], random: Random): string {
  let text = random.pick(seeds)
  for (let left = 1 + random.below(6); left > 0; left -= 1) {
    const at = random.below(text.length + 1)
    const to = Math.min(text.length, at + random.below(12))
    const piece = text.slice(at, to)
    switch (random.below(7)) {
      case 0:
        text = text.slice(0, at) + text.slice(to)
        break
      case 1:
        text = text.slice(0, at) + piece.repeat(1 + random.below(8)) + text.slice(to)
        break
      case 2:
        text = text.slice(0, at) + random.pick(seeds).slice(random.below(60)) + text.slice(to)
        break
      case 3:
        text = text.slice(0, at) + String.fromCharCode(random.below(0x3000)) + text.slice(to)
        break
      case 4:
        text = text.slice(0, at)
        break
      default:
        text = text.slice(0, at) + random.pick(NASTY) + text.slice(at)
    }
  }
  return text
}

/** How many texts are one case. */
const TEXTS = 1000

/** Texts that are almost in order, for everything that reads text. */
export const fuzz: Row = {
  name: 'fuzz',
  what: 'readers of text, a thousand mutations a try',
  share: 2,
  cases: function* () {
    for (let number = 0; ; number += 1) {
      for (const target of TARGETS) {
        yield {
          name: `${target.name}, ${number}`,
          run: async (lab) => readAll(lab, target, number),
        } satisfies Case
      }
    }
  },
}

function readAll(lab: Lab, target: Target, number: number): void {
  for (let one = 0; one < TEXTS; one += 1) {
    const text = mutated(
      target.seeds,
      randomOf(`${target.name}/${number}/${one}/${lab.random.next()}`),
    )
    const started = process.cpuUsage().user
    const wrong = whatIsWrong(target, text)
    const milliseconds = (process.cpuUsage().user - started) / 1000
    if (milliseconds > 1000) lab.harm('hung', `${milliseconds} ms for ${JSON.stringify(text)}`)
    if (wrong === undefined) continue
    // The first of its kind says enough.
    lab.harm(
      target.name === 'lockfile' ? 'unreadable' : 'untold',
      `${wrong}\nof ${JSON.stringify(text)}`,
    )
    return
  }
}

function whatIsWrong({ read, hasPlaces = true }: Target, text: string): string | undefined {
  try {
    read(text)
    return undefined
  } catch (error) {
    if (!isGeminiImageError(error)) return error instanceof Error ? error.stack : String(error)
    const problems = error.problems.length > 0 ? error.problems : [error]
    const lines = text.split(/\r\n|[\n\r]/).length
    for (const { fix, place, message } of problems) {
      if (fix.trim() === '') return `no next step: ${message}`
      if (!hasPlaces) continue
      if (!place) return `no place: ${message}`
      if (
        !/:\d+:\d+$/.test(formatPlace(place)) ||
        place.line < 1 ||
        place.line > lines ||
        place.column < 1
      ) {
        return `a place that is none, in a text of ${lines} lines: ${message}`
      }
    }
    return undefined
  }
}
