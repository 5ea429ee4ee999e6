import { readFile, symlink } from 'node:fs/promises'
import { s3Store, type ErrorCode, type Options, type Provider } from '@gemini-image/core'
import {
  applyEdit,
  draftAlts,
  proposeEdit,
  resolveOptions,
  TEXT_MODELS,
} from '@gemini-image/core/internal'
import sharp from 'sharp'
import { onTestFinished, vi } from 'vitest'
import { startFakeS3, type FakeS3, type FakeS3Options } from '../fake-s3/server.ts'
import type { Answered, FaultKind } from '../fake-gemini/server.ts'
import { runCommand } from '../support/command.ts'
import { fontPath } from '../layers/site.ts'
import { pinHalf } from '../support/half-picture.ts'
import { start } from '../support/process.ts'
import { buildSite, keyed, serveSite } from '../support/vite.ts'
import { importing, prompting, thrownBy, type Stage, type StageRun } from './stage.ts'
import { type Batches, driveBatches } from '../support/driver.ts'

/** How a failure is brought about, and what must be true of it. */
export interface Provocation {
  /** Does it, and gives what was thrown. */
  provoke(stage: Stage): Promise<unknown>
  /** Where in the source the cause is; left out where it is not in the source. */
  readonly at?: string
  /** How many calls reach Google before it. */
  readonly calls: number
  /** What lies at the root afterwards, of lockfile and store; nothing by default. */
  readonly leaves?: readonly string[]
}

const BOTH = ['.gemini-image', 'gemini-image.lock'] as const

/** A bad declaration, beside a good one that nobody may pay for either. */
function badDeclaration(text: string, place: string, run?: StageRun): Provocation {
  return {
    provoke: async ({ site, fail }) => {
      await site.write('main.js', importing('good', 'bad'))
      await site.write('good.prompt.md', prompting('alt: A lighthouse'))
      await site.write('bad.prompt.md', text)
      return fail(run)
    },
    at: `bad.prompt.md:${place}`,
    calls: 0,
  }
}

/** A layer that nobody can draw. @param settings Each of them; the first is to blame. */
function badLayer(...settings: readonly string[]): Provocation {
  const text = prompting(`layers:\n  - { ${settings.join(', ')} }`)
  const bad = badDeclaration(
    text,
    `3:${'  - { text: '.length + (settings[0]?.startsWith('image') ? 2 : 1)}`,
  )
  return {
    ...bad,
    provoke: async (stage) => {
      await stage.site.write('latin.woff', await readFile(fontPath('latin')))
      return bad.provoke(stage)
    },
  }
}

/** A bad reference: the second of a list, behind a good one. */
function badReference(
  reference: string,
  prepare: (stage: Stage) => Promise<unknown> = async () => undefined,
): Provocation {
  const text = prompting(`references:\n  - ./friend.prompt.md\n  - ${reference}`)
  const bad = badDeclaration(text, '4:5')
  return {
    ...bad,
    provoke: async (stage) => {
      await stage.site.write('friend.prompt.md', prompting('alt: A friend', 'A friend'))
      await prepare(stage)
      return bad.provoke(stage)
    },
  }
}

/** A good declaration with which something goes wrong later on. */
function goodDeclaration(
  calls: number,
  provoke: Provocation['provoke'],
  settings = 'alt: ""',
): Provocation {
  return {
    provoke: async (stage) => {
      await stage.site.write('main.js', importing('hero'))
      await stage.site.write('hero.prompt.md', prompting(settings))
      return provoke(stage)
    },
    // Behind the settings, and a line of dashes before and after them.
    at: `hero.prompt.md:${settings.split('\n').length + 3}:1`,
    calls,
  }
}

/** The same, where the source is not to blame. */
function blameless(calls: number, provoke: Provocation['provoke']): Provocation {
  return { provoke: goodDeclaration(calls, provoke).provoke, calls }
}

/** An answer that ends as it should, and says nothing. */
function withoutWords(answer: Answered): void {
  answer.candidates[0].content.parts = []
}

/** What goes wrong with a shared store, whoever asks it. */
function besideEngine(ask: () => Promise<unknown>): Provocation {
  return { provoke: () => thrownBy(ask), calls: 0 }
}

async function fakeS3(options: FakeS3Options): Promise<FakeS3> {
  const server = await startFakeS3(options)
  onTestFinished(() => server.close())
  return server
}

const declarations = {
  EMPTY_PROMPT: badDeclaration(prompting('alt: ""', ''), '4:1'),
  MALFORMED_YAML: badDeclaration(prompting('alt: "never closed'), '2:19'),
  MERGE_CONFLICT: badDeclaration(
    prompting('alt: ""', '<<<<<<< HEAD\nA lighthouse\n=======\nA tower\n>>>>>>> branch'),
    '4:1',
  ),
  UNKNOWN_KEY: badDeclaration(prompting('alt: ""\naspect_ratio: 16:9'), '3:1'),
  INVALID_VALUE: badDeclaration(prompting('seed: many'), '2:7'),
  UNKNOWN_MODEL: badDeclaration(prompting('model: nano-bananna'), '2:8'),
  UNSUPPORTED_ASPECT_RATIO: badDeclaration(
    prompting('model: nano-banana-pro\naspectRatio: 8:1'),
    '3:14',
  ),
  UNSUPPORTED_SIZE: badDeclaration(prompting('model: nano-banana-lite\nsize: 4K'), '3:7'),
  UNSUPPORTED_SETTING: badDeclaration(prompting('fresh: 1d'), '2:8'),
  UNSUPPORTED_THINKING: badDeclaration(
    prompting('model: gemini-2.5-flash-image\nthinking: high'),
    '3:11',
  ),
  UNSUPPORTED_GROUNDING: badDeclaration(
    prompting('model: nano-banana-pro\ngrounding: { images: true }'),
    '3:22',
  ),
  TOO_MANY_REFERENCES: badDeclaration(
    prompting(`model: gemini-2.5-flash-image\nreferences: [./a.png, ./b.png, ./c.png, ./d.png]`),
    '3:13',
  ),
  UNKNOWN_TEMPLATE: badDeclaration(prompting('template: stiker'), '2:11'),
  INVALID_SLOT: badDeclaration(prompting('template: sticker\nslots:\n  subjekt: A fox'), '4:12'),
  UNKNOWN_STYLE: badDeclaration(prompting('style: brand'), '2:8'),
  UNKNOWN_LABEL: badDeclaration(
    prompting('alt: ""', 'A lighthouse\nbeside {{image:the boat}}'),
    '5:8',
  ),
  UNKNOWN_VARIABLE: badDeclaration(prompting('alt: ""', 'A lighthouse\nby {{painter}}'), '5:4'),
  NOT_STATIC: {
    provoke: async ({ site, fail }) => {
      const macro = `import { geminiImage } from 'unplugin-gemini-image/macro'`
      await site.write('main.js', `${macro}\ngeminiImage({ prompt: words })`)
      return fail()
    },
    at: 'main.js:2:23',
    calls: 0,
  },
} satisfies Partial<Record<ErrorCode, Provocation>>

/** A prompt file that is no text that anybody wrote, beside a good one. */
function badFile(place: string, spoil: (stage: Stage) => Promise<unknown>): Provocation {
  const bad = badDeclaration('', place)
  return {
    ...bad,
    provoke: async (stage) => {
      await stage.site.write('main.js', importing('good', 'bad'))
      await stage.site.write('good.prompt.md', prompting('alt: A lighthouse'))
      await spoil(stage)
      return stage.fail()
    },
  }
}

const files = {
  FILE_OUTSIDE_ROOT: badFile('1:1', ({ site }) =>
    symlink(site.path('../../../README.md'), site.path('bad.prompt.md')),
  ),
  PRIVATE_FILE: badFile('2:8', async ({ site }) => {
    await site.write('.env', 'TOKEN=secret')
    await site.write('bad.prompt.md', prompting('style: ./.env'))
  }),
  NOT_UTF8: badFile('4:7', ({ site }) =>
    site.write('bad.prompt.md', Buffer.from('---\nalt: ""\n---\nOver D\u00FCnen\n', 'latin1')),
  ),
  UNREADABLE_FILE: badFile('1:1', ({ site }) =>
    site.write('bad.prompt.md', prompting('alt: ""', 'A lighthouse. '.repeat(100_000))),
  ),
} satisfies Partial<Record<ErrorCode, Provocation>>

const references = {
  REFERENCE_NOT_FOUND: badReference('./nowhere.png'),
  REFERENCE_OUTSIDE_ROOT: badReference('../../../package.json'),
  REFERENCE_NOT_ALLOWED: badReference('https://example.invalid/a.png'),
  UNSUPPORTED_REFERENCE: badReference('./drawing.svg', ({ site }) =>
    site.write('drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
  ),
  REFERENCE_TYPE_MISMATCH: badReference('./photo.jpg', async ({ site }) =>
    site.write('photo.jpg', await png(8)),
  ),
  REFERENCE_TOO_LARGE: badReference('./huge.png', async ({ site }) =>
    site.write('huge.png', await png(8001)),
  ),
  CIRCULAR_REFERENCE: badReference('./bad.prompt.md'),
  NOT_IN_SET: badDeclaration(
    prompting('each: { language: [English, Spanish] }', 'A poster in {{language}}'),
    '2:7',
  ),
  // The connection is refused: nothing listens on port 1.
  REFERENCE_UNAVAILABLE: badDeclaration(
    prompting('references: ["https://localhost:1/a.png"]'),
    '2:14',
    { options: { remoteHosts: ['localhost:1'] } },
  ),
  REFERENCE_CHANGED: {
    provoke: changeReferenceMidway,
    at: 'second.prompt.md:3:5',
    calls: 1,
    leaves: BOTH,
  },
} satisfies Partial<Record<ErrorCode, Provocation>>

const runs = {
  INVALID_RENDITION: {
    provoke: async ({ site, gemini }) => {
      await site.write('hero.prompt.md', prompting('alt: ""'))
      await site.write('main.js', `import './hero.prompt.md?gemini-image&fit=snug&as=img'\n`)
      await site.write('index.html', '<script type="module" src="/main.js"></script>')
      return thrownBy(() => buildSite(site, { env: keyed(gemini) }))
    },
    at: 'main.js:1:9',
    calls: 1,
    leaves: BOTH,
  },
  RENDITION_FAILED: { ...blameless(1, renderHalfAPicture), leaves: BOTH },
  FORM_FAILED: {
    provoke: async ({ site, gemini }) => {
      await site.write('hero.prompt.md', prompting('alt: ""'))
      await site.write('main.js', `import './hero.prompt.md?gemini-image&as=odd'\n`)
      await site.write('index.html', '<script type="module" src="/main.js"></script>')
      const options = { forms: { odd: { value: () => ({ draw: () => 'a function' }) } } }
      return thrownBy(() => buildSite(site, { env: keyed(gemini), options }))
    },
    at: 'main.js:1:9',
    calls: 1,
    leaves: BOTH,
  },
  UNKNOWN_LAYERS: badDeclaration(prompting('layers: card'), '2:9'),
  LAYER_FILE_NOT_FOUND: badDeclaration(prompting('layers: [{ image: ./logo.svg }]'), '2:19'),
  UNREADABLE_FONT: badLayer('text: Hello', 'font: /main.js'),
  MISSING_GLYPH: badLayer('text: 灯台', 'font: /latin.woff'),
  TEXT_TOO_LONG: badLayer(`text: ${'light '.repeat(90)}`, 'font: /latin.woff'),
  UNSUPPORTED_LAYER: badLayer('image: /main.js', 'width: 20'),
  MISSING_ALT: {
    ...badDeclaration(
      '---\nsize: 1K\nalt:\naltDraft: A lighthouse at dusk\n---\nA lighthouse\n',
      '6:1',
    ),
  },
  MISSING_PICTURE: goodDeclaration(0, ({ fail }) => fail({ options: { mode: 'frozen' } })),
  MISSING_KEY: goodDeclaration(0, ({ fail }) => fail({ env: {} })),
  BUDGET_EXCEEDED: goodDeclaration(0, ({ fail }) => fail({ options: { budget: 0.01 } })),
  MONTHLY_BUDGET_EXCEEDED: goodDeclaration(0, ({ fail }) =>
    fail({ options: { monthlyBudget: 0.01 } }),
  ),
  INVALID_OPTION: blameless(0, ({ fail }) => fail({ options: { budget: -1 } })),
  SEVERAL_PROBLEMS: badDeclaration(prompting('size: 1k\naspectRatio: 7:5'), '3:14'),
  CORRUPT_OBJECT: { ...blameless(1, corruptPicture), leaves: BOTH },
  CORRUPT_LOCKFILE: {
    ...goodDeclaration(0, async ({ site, fail }) => {
      await site.write('gemini-image.lock', 'version: 1\npictures:\n  half an entry\n')
      return fail()
    }),
    at: 'gemini-image.lock:3:1',
    leaves: ['gemini-image.lock'],
  },
  LOCK_TIMEOUT: blameless(0, waitTooLong),
  WRITE_FAILED: {
    ...blameless(0, async ({ site, fail }) => {
      await site.write('.gemini-image', 'A file where the folder should be')
      return fail()
    }),
    leaves: ['.gemini-image'],
  },
} satisfies Partial<Record<ErrorCode, Provocation>>

const calls = {
  INVALID_KEY: goodDeclaration(1, ({ gemini, fail }) =>
    fail({ env: { GEMINI_API_KEY: 'invalid-key', GOOGLE_GEMINI_BASE_URL: gemini.url } }),
  ),
  // A catalogue that promises what the server does not know of.
  REFUSED_REQUEST: goodDeclaration(
    1,
    ({ fail }) =>
      fail({ options: { models: { 'gemini-2.5-flash-image': { thinking: ['low'] } } } }),
    'alt: ""\nmodel: gemini-2.5-flash-image\nthinking: low',
  ),
  MODEL_NOT_FOUND: goodDeclaration(
    1,
    ({ fail }) =>
      fail({ options: { models: { 'nano-banana-9': { like: 'gemini-nano-banana-2.1' } } } }),
    'alt: ""\nmodel: nano-banana-9',
  ),
  QUOTA_EXHAUSTED: afterFault(1, 'quota-exhausted'),
  RATE_LIMITED: afterFault(2, 'rate-limited'),
  PROVIDER_UNAVAILABLE: afterFault(2, 'unavailable'),
  STOPPED: goodDeclaration(1, async ({ gemini, driver }) => {
    gemini.fault({ kind: 'hang' })
    const stopped = driver()
    const thrown = thrownBy(() => stopped.prepare())
    await vi.waitUntil(() => gemini.requests.length === 1, 30_000)
    stopped.abort()
    return thrown
  }),
  PROVIDER_FAILED: goodDeclaration(0, ({ fail }) => fail({ options: { provider: broken } })),
  BAD_ANSWER: afterFault(1, 'html'),
  BLOCKED: afterFault(1, 'blocked'),
  NO_IMAGE: afterFault(1, 'text-only'),
  NO_TEXT: goodDeclaration(
    1,
    ({ gemini, fail }) => {
      gemini.fault({ kind: 'odd', change: withoutWords })
      return fail()
    },
    'alt: ""\noutput: text\nturns: [Draw it]',
  ),
  NO_DRAFT: {
    provoke: async ({ site, gemini, driver }) => {
      await site.write('main.js', importing('hero'))
      await site.write('hero.prompt.md', 'A lighthouse')
      const ids = [site.path('hero.prompt.md')]
      await driver().generate(ids)
      gemini.fault({ kind: 'empty' })
      return (await draftAlts(driver().project, ids, { model: TEXT_MODELS[0] })).failures[0]
    },
    at: 'hero.prompt.md:1:1',
    calls: 2,
    leaves: BOTH,
  },
} satisfies Partial<Record<ErrorCode, Provocation>>

const commands = {
  INVALID_ARGUMENT: blameless(0, (stage) => commandFails(stage, ['generate', '--shard', '5/4'])),
  UNKNOWN_PICTURE: blameless(0, (stage) => commandFails(stage, ['generate', 'heroo'])),
  NOT_EDITABLE: {
    provoke: async (stage) => {
      const call = "geminiImage({ prompt: 'A fox', alt: '', variants: 2 })\n"
      const macro = "import { geminiImage } from 'unplugin-gemini-image/macro'\n"
      await stage.site.write('twice.js', `${macro}const one = ${call}const other = ${call}`)
      return commandFails(stage, ['pick', 'twice.js', '2', '--yes'])
    },
    at: 'twice.js:2:35',
    calls: 0,
  },
  SOURCE_CHANGED: {
    provoke: async ({ site }) => {
      const project = { options: { root: site.root } }
      await site.write('hero.prompt.md', 'A fox\n')
      const edit = proposeEdit(project, site.path('hero.prompt.md'), { prompt: 'A red fox' })
      await site.write('hero.prompt.md', 'A blue fox\n')
      return thrownBy(() => applyEdit(project, edit))
    },
    at: 'hero.prompt.md:1:1',
    calls: 0,
  },
  UNSUPPORTED_PICTURE: blameless(0, async (stage) => {
    await stage.site.write('mine.png', 'A text where a picture should be')
    return commandFails(stage, ['adopt', 'hero', 'mine.png'])
  }),
  INVALID_CONFIG: {
    provoke: async (stage) => {
      await stage.site.write('gemini-image.config.ts', 'export const options: object = {}\n')
      return commandFails(stage, ['plan'])
    },
    at: 'gemini-image.config.ts:1:1',
    calls: 0,
  },
} satisfies Partial<Record<ErrorCode, Provocation>>

const batches = {
  BATCH_UNSUPPORTED: blameless(0, (stage) =>
    thrownBy(() =>
      batchesOf(stage, { provider: broken }).submit([stage.site.path('hero.prompt.md')]),
    ),
  ),
  BATCH_PENDING: {
    ...goodDeclaration(3, async (stage) => {
      await batchesOf(stage).submit([stage.site.path('hero.prompt.md')])
      return stage.fail()
    }),
  },
  BATCH_FAILED: goodDeclaration(5, (stage) => {
    stage.gemini.batches.steer({ state: 'FAILED' })
    return failedBatch(stage)
  }),
  BATCH_INCOMPLETE: blameless(6, (stage) => {
    stage.gemini.fault({ kind: 'truncated', on: 'download', times: Infinity })
    return failedBatch(stage, 2)
  }),
  BATCH_NOT_FOUND: goodDeclaration(4, (stage) => {
    stage.gemini.fault({ kind: 'not-found', on: 'getBatch' })
    return failedBatch(stage)
  }),
  CORRUPT_BATCH_RECORD: {
    provoke: async (stage) => {
      await stage.site.write('gemini-image.batch', 'version: 1\njobs:\n  half a job\n')
      return thrownBy(() => batchesOf(stage).pending())
    },
    at: 'gemini-image.batch:3:1',
    calls: 0,
  },
} satisfies Partial<Record<ErrorCode, Provocation>>

const builds = {
  PROMPT_FILE_NOT_FOUND: {
    provoke: async ({ site }) => {
      await site.write('index.html', '<script type="module" src="/main.js"></script>')
      await site.write('main.js', importing('nowhere'))
      return thrownBy(() => buildSite(site))
    },
    at: 'main.js:1:9',
    calls: 0,
  },
  NO_PROMPT_FILE: {
    provoke: async ({ site }) => {
      await site.write('main.js', "import photo from './photo.png?gemini-image'")
      return thrownBy(() => buildSite(site))
    },
    at: 'main.js:1:20',
    calls: 0,
  },
  UNDECLARED_PICTURE: blameless(0, async ({ site }) => {
    await site.remove('main.js')
    const { server } = await serveSite(site)
    return thrownBy(() => server.transformRequest('/hero.prompt.md?gemini-image'))
  }),
  UNRESOLVED_REFERENCE: {
    ...goodDeclaration(0, async ({ site }) => {
      await site.write('index.html', '<p><a href="./hero.prompt.md?gemini-image">A</a></p>')
      return thrownBy(() => buildSite(site, { options: { mode: 'placeholder' } }))
    }),
    at: 'index.html:1:7',
  },
} satisfies Partial<Record<ErrorCode, Provocation>>

/** A process that finds packages as a project would that has not installed the one for Redis. */
const WITHOUT_REDIS = `
  import { registerHooks } from 'node:module'
  import { redisStore } from '@gemini-image/core'
  const elsewhere = (context) => ({ ...context, parentURL: 'file:///elsewhere/index.js' })
  registerHooks({
    resolve: (name, context, next) =>
      next(name, name === '@redis/client' ? elsewhere(context) : context),
  })
  await redisStore({ url: 'redis://127.0.0.1:1' })
    .get('objects/a')
    .catch(({ code, message }) => console.log(JSON.stringify({ code, message })))`

const stores = {
  // Nothing listens on port 1.
  STORE_UNAVAILABLE: besideEngine(() =>
    s3Store({ bucket: 'team', endpoint: 'http://127.0.0.1:1', retryDelay: 1 }, {}).get('objects/a'),
  ),
  STORE_REFUSED: besideEngine(async () => {
    const keys = { accessKeyId: 'ours', secretAccessKey: 'ours' }
    const { url } = await fakeS3({ keys })
    return s3Store({ bucket: 'team', endpoint: url }, {}).get('objects/a')
  }),
  STORE_UNCONDITIONAL: besideEngine(async () => {
    const { url } = await fakeS3({ conditions: 'unknown' })
    const store = s3Store({ bucket: 'team', endpoint: url }, {})
    return store.create('leases/a/0', Buffer.from('mine'))
  }),
  MISSING_PACKAGE: {
    provoke: async () => {
      const script = ['--input-type=module', '--eval', WITHOUT_REDIS]
      const { output } = await start(script, import.meta.dirname, {}).ended
      return JSON.parse(output)
    },
    calls: 0,
  },
} satisfies Partial<Record<ErrorCode, Provocation>>

/** Every code there is, provoked for real. */
export const PROVOKE: Readonly<Record<ErrorCode, Provocation>> = {
  ...declarations,
  ...files,
  ...references,
  ...runs,
  ...calls,
  ...commands,
  ...batches,
  ...builds,
  ...stores,
}

const broken: Provider = {
  name: 'broken',
  generate: () => Promise.reject(new Error('The brush fell down.')),
}

/** A picture of which half is missing, pinned by an older version. */
async function renderHalfAPicture({ site, prepare, driver }: Stage): Promise<unknown> {
  await prepare()
  const [file = ''] = await site.list('.gemini-image')
  await pinHalf(site, file)
  const opened = driver()
  const image = await opened.image(site.path('hero.prompt.md'))
  return thrownBy(() => opened.render(image, { form: 'img', query: '' }))
}

/** What the command prints where it fails, as an error. */
async function commandFails({ site, gemini }: Stage, args: readonly string[]): Promise<unknown> {
  const { code, output } = await runCommand(site.root, args, keyed(gemini))
  if (code !== 1) throw new Error(`It was to fail, but it ended with ${code}:\n${output}`)
  return Object.assign(new Error(output), { name: 'GeminiImageError' })
}

function afterFault(calls: number, kind: FaultKind): Provocation {
  return goodDeclaration(calls, ({ gemini, fail }) => {
    gemini.fault({ kind, times: Infinity, retryDelay: '0.01s' })
    return fail({ options: { attempts: 2 } })
  })
}

export function batchesOf({ site, gemini }: Stage, options: Options = {}): Batches {
  const surroundings = { hostRoot: site.root, env: keyed(gemini) }
  return driveBatches(resolveOptions({ retryDelay: 5, ...options }, surroundings))
}

/** Submits one picture, collects it, and gives what went wrong. */
async function failedBatch(stage: Stage, attempts = 1): Promise<unknown> {
  const jobs = batchesOf(stage, { attempts })
  await jobs.submit([stage.site.path('hero.prompt.md')])
  const { failures } = await jobs.collect({ wait: true, firstPause: 1 })
  return failures[0]
}

/** The image is another one by the time that its call is to be made. */
async function changeReferenceMidway({ site, gemini, fail }: Stage): Promise<unknown> {
  await site.write('photo.png', await png(8))
  await site.write('main.js', importing('first', 'second'))
  await site.write('first.prompt.md', prompting('alt: ""'))
  await site.write('second.prompt.md', prompting('references:\n  - ./photo.png', 'Another'))
  gemini.setLatency(300)
  const thrown = fail({ options: { concurrency: 1 } })
  await vi.waitUntil(() => gemini.requests.length === 1, 30_000)
  await site.write('photo.png', await png(9))
  return thrown
}

async function corruptPicture({ site, prepare, driver }: Stage): Promise<unknown> {
  await prepare()
  const [picture = ''] = await site.list('.gemini-image')
  await site.write(`.gemini-image/${picture}`, 'Not a picture')
  const again = driver()
  await again.prepare()
  await again.image(site.path('hero.prompt.md'))
  return thrownBy(() => again.verify())
}

/** Another process has the project, gives signs of life, and never ends. */
/** A lock of another machine, which gives signs of life for half an hour. */
async function waitTooLong({ site, log, fail }: Stage): Promise<unknown> {
  const lock = { pid: 1, host: 'another machine', nonce: 'theirs' }
  await site.write('node_modules/.cache/gemini-image/project.lock', JSON.stringify(lock))
  vi.useFakeTimers({ toFake: ['performance'] })
  try {
    const thrown = fail()
    await vi.waitUntil(() => log.some((line) => line.startsWith('waiting for another process')))
    vi.advanceTimersByTime(31 * 60_000)
    return await thrown
  } finally {
    vi.useRealTimers()
  }
}

async function png(side: number): Promise<Buffer> {
  const canvas = sharp({ create: { width: side, height: side, channels: 3, background: '#246' } })
  return canvas.png({ compressionLevel: 1 }).toBuffer()
}
