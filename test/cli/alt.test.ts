import { GoogleGenAI } from '@google/genai'
import sharp from 'sharp'
import { describe, expect, test, vi } from 'vitest'
import type { FakeGemini, FakeGeminiOptions, RecordedRequest } from '../fake-gemini/server.ts'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { runCli, startCli } from '../support/process.ts'
import { promptFile, type Site } from '../support/site.ts'
import { failingBuild, keyed } from '../support/vite.ts'
import { drawn, inTerminal, plain, runJson, siteOf } from './stage.ts'

const MACRO = `import { geminiImage } from 'unplugin-gemini-image/macro'`
const DEFAULT = 'gemini-3.5-flash-lite'

/** Prompt files of these names without alternative text. */
function bare(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `---\nsize: 1K # small\n---\n\n${name}\n`]))
}

/** A site whose pictures are drawn, and a server that has forgotten that it was asked for them. */
async function stage(
  pictures: Record<string, string>,
  more: Record<string, string> = {},
  options?: FakeGeminiOptions,
): Promise<{ site: Site; gemini: FakeGemini }> {
  const gemini = await startGemini(options)
  const site = await drawn(await siteOf(pictures, more), gemini)
  gemini.reset()
  return { site, gemini }
}

interface Asked {
  readonly model: string | undefined
  readonly text: string
  readonly image: Buffer
}

function askedOf({ body, model }: RecordedRequest): Asked {
  const { contents } = body as { contents: { parts: { text?: string; inlineData?: object }[] }[] }
  const [image, text] = contents[0]?.parts ?? []
  const { data = '' } = (image?.inlineData ?? {}) as { data?: string }
  return { model, text: text?.text ?? '', image: Buffer.from(data, 'base64') }
}

describe('a draft', () => {
  test('is written into the prompt file, which keeps the rest, and is paid for once', async () => {
    const say: FakeGeminiOptions['say'] = ({ prompt }) => `It shows "${prompt.slice(-8, -1)}".`
    const { site, gemini } = await stage(
      { ...bare('harbour'), ...plain('good'), quay: promptFile('quay', { alt: "''" }) },
      {},
      { say },
    )
    const { code, stdout } = await runCommand(site.root, ['alt', '--yes'], keyed(gemini))
    expect(code).toBe(0)
    expect(stdout).toMatch(/1 alternative text drafted for \$0\.0\d+/)
    expect(stdout).toContain('rename altDraft to alt')
    expect(await site.read('src/harbour.prompt.md')).toBe(
      '---\nsize: 1K # small\naltDraft: It shows "harbour".\n---\n\nharbour\n',
    )
    expect(gemini.requests.map(({ model }) => model)).toEqual([DEFAULT])

    const again = await runJson(site, ['alt', '--yes'], keyed(gemini))
    expect(again).toMatchObject({
      code: 0,
      report: { drafts: [], drafted: ['src/harbour.prompt.md:6:1'], spent: 0 },
    })
    expect(gemini.requests).toHaveLength(1)
  })

  test('is no alternative text for a build, until a person has renamed it', async () => {
    const { site, gemini } = await stage(bare('harbour'), {}, { say: () => 'Boats at a mole.' })
    await runCommand(site.root, ['alt', '--yes'], keyed(gemini))
    const said = await failingBuild(site, { options: { mode: 'frozen' } })
    expect(said).toMatch(
      /MISSING_ALT at src\/harbour\.prompt\.md:6:1[^]*Boats at a mole\.[^]*rename/,
    )
    const text = await site.read('src/harbour.prompt.md')
    await site.write('src/harbour.prompt.md', text.replace('altDraft', 'alt'))
    const plan = await runJson(site, ['plan'])
    expect(plan).toMatchObject({
      code: 0,
      report: { rows: [{ state: 'pinned', alt: 'Boats at a mole.' }], withoutAlt: [] },
    })
  })

  test('is asked for as Google’s SDK would, with a picture that is scaled down', async () => {
    const { site, gemini } = await stage({
      large: '---\naspectRatio: 16:9\nsize: 4K\n---\nA large one',
      small: 'A small one',
    })
    await runCommand(site.root, ['alt', '--yes', '--concurrency', '1'], keyed(gemini))
    const [large, small] = gemini.requests.map(askedOf)
    const facts = await sharp(large?.image).metadata()
    expect(`${facts.format} ${facts.width}x${facts.height}`).toBe('jpeg 1024x572')
    const [object = ''] = await site
      .list('.gemini-image')
      .then((all) => all.filter((name) => name.startsWith('small')))
    expect(small?.image.equals(await site.bytes(`.gemini-image/${object}`))).toBe(true)
    expect(large?.text).toContain('"A large one"')

    const theirs = await startGemini()
    const ai = new GoogleGenAI({
      apiKey: 'a-key',
      vertexai: false,
      apiVersion: 'v1beta',
      httpOptions: { baseUrl: theirs.url },
    })
    await ai.models.generateContent({
      model: DEFAULT,
      contents: [
        {
          role: 'user',
          parts: [
            { inlineData: { mimeType: 'image/jpeg', data: small?.image.toString('base64') ?? '' } },
            { text: small?.text ?? '' },
          ],
        },
      ],
      config: { maxOutputTokens: 500 },
    })
    expect(gemini.requests[1]?.rawBody).toBe(theirs.requests[0]?.rawBody)
  })

  test('comes from another model and in a language, where a person says so', async () => {
    const model = 'gemini-3.8-flash'
    const { site, gemini } = await stage(bare('harbour'))
    const args = ['alt', 'harbour', '--yes', '--model', model, '--lang', 'Deutsch']
    expect(await runCommand(site.root, args, keyed(gemini))).toMatchObject({ code: 0 })
    const [asked] = gemini.requests.map(askedOf)
    expect(asked?.model).toBe(model)
    expect(asked?.text).toMatch(/language: Deutsch$/)
    expect(asked?.text).not.toContain('"harbour"')
  })

  test('of one picture serves all that declare it alike', async () => {
    const { site, gemini } = await stage({ one: 'The same', two: 'The same\n' })
    await runCommand(site.root, ['alt', '--yes'], keyed(gemini))
    expect(gemini.requests).toHaveLength(1)
    for (const name of ['one', 'two']) {
      expect(await site.read(`src/${name}.prompt.md`)).toMatch(/^---\naltDraft: "A field/)
    }
  })

  test('of what no prompt file declares is told, kept, and written by nobody', async () => {
    const source = `${MACRO}\ndocument.title = geminiImage({ prompt: 'A leaf' }).src\n`
    const { site, gemini } = await stage({}, { 'src/leaf.js': source })
    const first = await runCommand(site.root, ['alt', '--yes'], keyed(gemini))
    const draft = /src\/leaf\.js:2:40 {2}(alt: "A field [^"]+")/.exec(first.stdout)?.[1] ?? 'none'
    expect(await site.read('src/leaf.js')).toBe(source)
    // Nothing is paid for any more, so that nobody has to say yes.
    const second = await runCommand(site.root, ['alt'], keyed(gemini))
    expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining(draft) })
    expect(gemini.requests).toHaveLength(1)
  })
})

describe('before anything is paid for', () => {
  test('what there is to draft is shown with its price, and pictures that are not drawn', async () => {
    const gemini = await startGemini()
    const site = await siteOf(bare('harbour'))
    const undrawn = await runJson(site, ['alt', '--yes'], keyed(gemini))
    expect(undrawn).toMatchObject({ code: 0, report: { undrawn: ['src/harbour.prompt.md:5:1'] } })
    expect(gemini.requests).toEqual([])
    await drawn(site, gemini)
    gemini.reset()
    const { code, stdout } = await runCommand(site.root, ['alt', '--dry-run'])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /1 alternative text to draft, for about \$0\.0004–\$0\.0017:\n {2}src\/h/,
    )
  })

  test('nobody is asked where nobody is, and a no is a no', async () => {
    const { site, gemini } = await stage(bare('harbour'))
    const alone = await runCommand(site.root, ['alt'], keyed(gemini))
    expect(alone).toMatchObject({ code: 1, stderr: expect.stringContaining('add --yes') })
    const no = await inTerminal(site, ['alt'], { input: 'n\n', env: keyed(gemini) })
    expect(no.screen).toMatch(
      /Draft 1 alternative text with gemini-3\.5-flash-lite for about \$0\.0004–/,
    )
    expect(gemini.requests).toEqual([])
    const yes = await inTerminal(site, ['alt'], { input: 'y\n', env: keyed(gemini) })
    expect(yes.code).toBe(0)
    expect(gemini.requests).toHaveLength(1)
  })

  test.for([
    ['the budget has no room', ['--budget', '0.003'], {}, 'BUDGET_EXCEEDED'],
    ['the model is not known', ['--model', 'gemini-3.5-flash-light'], {}, 'INVALID_ARGUMENT'],
    ['the mode forbids it', [], { GEMINI_IMAGE_MODE: 'frozen' }, 'INVALID_OPTION'],
    ['there is no key', [], { GEMINI_API_KEY: '' }, 'MISSING_KEY'],
  ] as const)('%s', async ([, args, env, code]) => {
    const { site, gemini } = await stage(bare('harbour', 'quay'))
    const asked = await runJson(site, ['alt', '--yes', ...args], { ...keyed(gemini), ...env })
    expect(asked).toMatchObject({ code: 1, report: { error: { code } } })
    expect(gemini.requests).toEqual([])
    expect(await site.read('src/quay.prompt.md')).toBe(bare('quay')['quay'])
  })

  test('what is wrong with a declaration is told, unless another is named', async () => {
    const { site, gemini } = await stage(bare('harbour', 'quay'))
    await site.write('src/quay.prompt.md', promptFile('quay', { size: '9K' }))
    const all = await runJson(site, ['alt', '--yes'], keyed(gemini))
    expect(all.report.error.code).toBe('UNSUPPORTED_SIZE')
    expect(gemini.requests).toEqual([])
    const one = await runJson(site, ['alt', 'harbour', '--yes'], keyed(gemini))
    expect(one.report.drafts).toHaveLength(1)
  })
})

describe('what goes wrong', () => {
  test('with one picture stops none of the others, and is paid for', async () => {
    const say: FakeGeminiOptions['say'] = ({ prompt }) => {
      if (prompt.includes('empty')) return ' '
      if (prompt.includes('wordy')) return 'So many words. '.repeat(40)
      return prompt.includes('parrot') ? 'Parrot!' : 'A good one.'
    }
    const names = ['empty', 'wordy', 'parrot', 'good', 'blocked', 'cut']
    const { site, gemini } = await stage(bare(...names), {}, { say })
    gemini.fault({ kind: 'blocked', finishReason: 'SAFETY', match: /"blocked"/ })
    gemini.fault({ kind: 'blocked', finishReason: 'MAX_TOKENS', match: /"cut"/ })
    const { code, report } = await runJson(site, ['alt', '--yes'], keyed(gemini))
    expect(code).toBe(1)
    expect(report.drafts).toMatchObject([{ text: 'A good one.', isWritten: true }])
    const failed = report.failures.map(
      ({ code, place }: { code: string; place: { file: string } }) => [place.file, code],
    )
    expect(failed.toSorted()).toEqual([
      ['src/blocked.prompt.md', 'BLOCKED'],
      ['src/cut.prompt.md', 'NO_DRAFT'],
      ['src/empty.prompt.md', 'NO_DRAFT'],
      ['src/parrot.prompt.md', 'NO_DRAFT'],
      ['src/wordy.prompt.md', 'NO_DRAFT'],
    ])
    expect(gemini.requests).toHaveLength(6)
    // A field of 1120 tokens costs as much as all others.
    expect(report.spent).toBeGreaterThan((6 * 1120 * 0.3) / 1e6)
    for (const name of names.filter((one) => one !== 'good')) {
      expect(await site.read(`src/${name}.prompt.md`)).toBe(bare(name)[name])
    }
    // Nobody pays again for what would be answered so again, but whoever asks for that.
    const again = await runJson(site, ['alt', '--yes'], keyed(gemini))
    expect(again).toMatchObject({ code: 1, report: { drafts: [], failures: [], spent: 0 } })
    expect(again.report.refused).toHaveLength(5)
    expect(gemini.requests).toHaveLength(6)
    const { stdout } = await runCommand(site.root, ['alt', '--yes'], keyed(gemini))
    expect(stdout).toMatch(
      /5 pictures were asked about in vain[^]*--retry[^]*blocked\.prompt\.md:5:1/,
    )
    const retried = await runJson(site, ['alt', '--yes', '--retry'], keyed(gemini))
    expect(retried.report.drafts).toHaveLength(2)
    expect(gemini.requests).toHaveLength(11)
  })

  test('with all of them is told once, and the others are not asked for', async () => {
    const { site, gemini } = await stage(bare('a', 'b', 'c'))
    const env = { ...keyed(gemini), GEMINI_API_KEY: 'invalid-key' }
    const args = ['alt', '--yes', '--concurrency', '1']
    const { code, report } = await runJson(site, args, env)
    expect(code).toBe(1)
    expect(report.failures.map((one: { code: string }) => one.code)).toEqual(['INVALID_KEY'])
    expect(gemini.requests).toHaveLength(1)
  })

  test('with the model is told once, with the others that there are', async () => {
    const { site, gemini } = await stage(bare('a', 'b', 'c'), {}, { missingModels: [DEFAULT] })
    const { code, report } = await runJson(site, ['alt', '--yes'], keyed(gemini))
    expect(code).toBe(1)
    expect(report.failures).toMatchObject([
      { code: 'MODEL_NOT_FOUND', message: expect.stringContaining('gemini-3.8-flash') },
    ])
    expect(report.spent).toBe(0)
  })

  test('for a while is tried again', async () => {
    const { site, gemini } = await stage(bare('a'), {
      'gemini-image.config.mjs': 'export default { retryDelay: 5 }\n',
    })
    gemini.fault({ kind: 'rate-limited', retryDelay: '0.01s' })
    const { report } = await runJson(site, ['alt', '--yes'], keyed(gemini))
    expect(report.drafts).toHaveLength(1)
    expect(gemini.requests).toHaveLength(2)
  })

  test('with the prompt file loses nothing that was paid for', async () => {
    const { site, gemini } = await stage(bare('harbour'))
    gemini.setLatency(1500)
    const { ended } = startCli(site.root, ['alt', '--yes', '--json'], keyed(gemini))
    await vi.waitUntil(() => gemini.requests.length === 1, { timeout: 20_000 })
    await site.write('src/harbour.prompt.md', '---\nsize: "1K\n---\nharbour\n')
    const { code, stdout } = await ended
    expect(code).toBe(1)
    expect(JSON.parse(stdout).failures).toMatchObject([
      {
        code: 'MALFORMED_YAML',
        message: expect.stringMatching(/write it by hand: altDraft: "A field/),
      },
    ])
    await site.write('src/harbour.prompt.md', bare('harbour')['harbour'] ?? '')
    expect(await runCommand(site.root, ['alt'], keyed(gemini))).toMatchObject({ code: 0 })
    expect(await site.read('src/harbour.prompt.md')).toContain('altDraft: A field')
    expect(gemini.requests).toHaveLength(1)
  })

  test('what somebody writes while the model thinks stays', async () => {
    const { site, gemini } = await stage(bare('quay'))
    gemini.setLatency(1500)
    const { ended } = startCli(site.root, ['alt', '--yes'], keyed(gemini))
    await vi.waitUntil(() => gemini.requests.length === 1, { timeout: 20_000 })
    await site.write('src/quay.prompt.md', promptFile('quay', { alt: 'Mine' }))
    expect(await ended).toMatchObject({ code: 0 })
    expect(await site.read('src/quay.prompt.md')).toBe(promptFile('quay', { alt: 'Mine' }))
  })

  test('an interruption lets what is under way land, and begins nothing more', async () => {
    const { site, gemini } = await stage(bare('a', 'b'))
    gemini.setLatency(1500)
    const args = ['alt', '--yes', '--concurrency', '1']
    const { child, ended } = startCli(site.root, args, keyed(gemini))
    await vi.waitUntil(() => gemini.requests.length === 1, { timeout: 20_000 })
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 130, stdout: expect.stringContaining('Stopped') })
    expect(gemini.requests).toHaveLength(1)
    expect(await site.read('src/a.prompt.md')).toContain('altDraft')
    expect(await site.read('src/b.prompt.md')).toBe(bare('b')['b'])
  })

  test('two runs at once pay once', async () => {
    const { site, gemini } = await stage(bare('a', 'b'))
    gemini.setLatency(500)
    const run = (): Promise<unknown> => runCli(site.root, ['alt', '--yes'], keyed(gemini))
    await Promise.all([run(), run()])
    expect(gemini.requests).toHaveLength(2)
  })
})

describe('other commands', () => {
  test('generate draws what has none and says so; plan, status and doctor know', async () => {
    const gemini = await startGemini()
    const site = await siteOf({ ...bare('harbour'), ...plain('good') })
    const { code, stderr } = await runCommand(site.root, ['generate', '--yes'], keyed(gemini))
    expect(code).toBe(0)
    expect(stderr).toMatch(/MISSING_ALT: 1 picture has[^]*src\/harbour\.prompt\.md:5:1/)
    expect(gemini.requests).toHaveLength(2)
    const plan = await runJson(site, ['plan'])
    expect(plan).toMatchObject({
      code: 0,
      report: {
        withoutAlt: [{ code: 'MISSING_ALT', place: { file: 'src/harbour.prompt.md', line: 5 } }],
        problems: [],
      },
    })
    expect((await runCommand(site.root, ['plan'])).stdout).toContain('MISSING_ALT: 1 picture has')
    expect(await runJson(site, ['status'])).toMatchObject({ code: 0, report: { withoutAlt: 1 } })
    const { report } = await runJson(site, ['doctor'], keyed(gemini))
    expect(report.checks).toContainEqual(
      expect.objectContaining({ name: 'alt', verdict: 'problem' }),
    )
  })

  test('a batch job is submitted for what has none', async () => {
    const gemini = await startGemini()
    const site = await siteOf(bare('harbour'))
    const args = ['generate', '--batch', '--yes']
    const { code, stderr } = await runCommand(site.root, args, keyed(gemini))
    expect(code).toBe(0)
    expect(stderr).toContain('MISSING_ALT')
  })
})
