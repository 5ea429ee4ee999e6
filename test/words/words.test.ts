import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { colourImage } from '../capabilities/run.ts'
import { promptFile } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import type { Json } from '../cli/stage.ts'
import { bodyOf, modalities, pinnedIn, poster, POSTER, stage, WORDS } from './stage.ts'

describe('words first', () => {
  test('a text is paid for, pinned, and drawn from', async () => {
    const { gemini, site, run } = await stage()
    const planned = await run('plan')
    expect(planned.report).toMatchObject({ missing: 1, rows: [{ calls: 2, texts: 1 }] })
    const { stdout } = await runCommand(site.root, ['plan'], {})
    expect(stdout).toMatch(/ 1:1 1K \+ 1 text /)
    const done = await run('generate', '--yes')
    expect(done).toMatchObject({ code: 0, report: { generated: 1 } })
    expect(done.stderr).toContain('generating 1 picture and 1 text')
    expect(done.stderr).toMatch(/poster\.prompt\.md  text of 35 characters  gemini-nano/)
    expect(modalities(gemini)).toEqual(['TEXT', 'IMAGE'])
    const { texts, pictures } = await pinnedIn(site)
    const [text] = texts
    expect(texts).toHaveLength(1)
    expect(pictures).toHaveLength(1)
    expect(text?.text).toMatch(/^Fresh every morning: loaf [0-9a-f]{8}\.$/)
    expect(text).toMatchObject({
      from: 'src/poster.prompt.md',
      request: { prompt: WORDS, output: 'text', aspectRatio: '1:1' },
      tokens: { image: 0, text: expect.any(Number) },
    })
    expect(text?.cost).toBeGreaterThan(0)
    expect(text?.cost).toBeLessThan(0.01)
    const body = bodyOf(gemini, 1)
    expect(body.contents).toEqual([
      { role: 'user', parts: [{ text: WORDS }] },
      { role: 'model', parts: [{ text: text?.text, thoughtSignature: expect.any(String) }] },
      { role: 'user', parts: [{ text: POSTER }] },
    ])
    const spent = (text?.cost ?? 0) + (pictures[0]?.cost ?? 0)
    expect(done.report.spent).toBeCloseTo(spent, 6)
    const [least, most] = [planned.report.total.least, planned.report.total.most]
    expect(spent).toBeGreaterThanOrEqual(least)
    expect(spent).toBeLessThanOrEqual(most)
    expect(await run('generate', '--yes')).toMatchObject({ code: 0, report: { generated: 0 } })
    expect(await run('verify')).toMatchObject({ code: 0, report: { sound: 1, texts: 1 } })
    expect(await run('status')).toMatchObject({ report: { pinned: { texts: 1, cost: spent } } })
    expect(gemini.requests).toHaveLength(2)
  })

  test('a picture of another shape is drawn from the same text', async () => {
    const { gemini, site, run } = await stage()
    await run('generate', '--yes')
    const before = await pinnedIn(site)
    await site.write('src/poster.prompt.md', poster({ aspectRatio: "'16:9'", size: '2K' }))
    expect(await run('generate', '--yes')).toMatchObject({ code: 0 })
    expect(modalities(gemini)).toEqual(['TEXT', 'IMAGE', 'IMAGE'])
    const { texts, pictures } = await pinnedIn(site)
    expect(texts).toEqual(before.texts)
    expect(pictures.map(({ width }) => width)).toContain(2752)
  })

  test('a text in the midst of a conversation', async () => {
    const turns = `["Now at night", { prompt: Name this harbour, output: text }, "Write that name on the quay"]`
    const { gemini, site, run } = await stage(promptFile('A harbour', { turns }))
    expect(await run('generate', '--yes')).toMatchObject({ code: 0, report: { generated: 1 } })
    expect(modalities(gemini)).toEqual(['IMAGE', 'IMAGE', 'TEXT', 'IMAGE'])
    const { texts, pictures } = await pinnedIn(site)
    expect([texts.length, pictures.length]).toEqual([1, 3])
    const { contents } = bodyOf(gemini, 3)
    expect(contents.map(({ role }: Json) => role).join(' ')).toBe(
      'user model user model user model user',
    )
    expect(contents[5].parts[0].text).toBe(texts[0]?.text)
  })

  test.for([
    ['generate-content', 'interactions'],
    ['interactions', 'generate-content'],
  ] as const)(
    '%s writes, and %s draws from its text and from the picture before it',
    async ([first, second]) => {
      const turns = `[{ prompt: Name this harbour, output: text }, "Write that name on the quay"]`
      const harbour = (transport: string): string => promptFile('A harbour', { turns, transport })
      const { gemini, site, run } = await stage(harbour(first))
      gemini.fault({ kind: 'blocked', match: /quay/ })
      await run('generate', '--yes')
      await site.write('src/poster.prompt.md', harbour(second))
      expect(await run('generate', '--yes', '--retry')).toMatchObject({ code: 0 })
      expect(gemini.requests).toHaveLength(4)
      const { contents, input } = bodyOf(gemini, 3)
      const words = (one: Json): unknown[] =>
        (one.parts ?? one.content).map((part: Json) => part.text ?? 'a picture')
      const { texts } = await pinnedIn(site)
      expect((contents ?? input).map(words)).toEqual([
        ['Name this harbour', 'a picture'],
        [texts[0]?.text],
        ['Write that name on the quay'],
      ])
    },
  )

  test('each variant is a picture with words of its own', async () => {
    const { gemini, site, run } = await stage(
      poster({
        variants: '2',
        turns: `[{ prompt: "${POSTER}", references: [./mark.png] }, "Now in blue"]`,
      }),
    )
    await site.write('src/mark.png', await colourImage('red'))
    expect(await run('generate', '--yes', '--budget', '9')).toMatchObject({ code: 0 })
    expect(modalities(gemini).toSorted()).toEqual(['IMAGE', 'IMAGE', 'IMAGE', 'TEXT', 'TEXT'])
    const { texts, pictures } = await pinnedIn(site)
    expect([texts.length, pictures.length]).toEqual([2, 3])
    expect(new Set(texts.map(({ text }) => text)).size).toBe(2)
    const { report } = await run('variants', 'poster')
    expect(report.variants.map(({ file }: Json) => file)).toEqual([
      expect.stringContaining('poster'),
      expect.stringContaining('poster-2'),
    ])
    expect(await run('pick', 'poster', '2')).toMatchObject({ code: 0 })
    expect(await run('generate', '--yes')).toMatchObject({ code: 0 })
    expect(gemini.requests).toHaveLength(6)
    expect(bodyOf(gemini, 5).contents).toHaveLength(5)
    await run('prune', '--yes')
    expect((await pinnedIn(site)).texts).toHaveLength(1)
  })

  test('asked for anew, words and picture are others, and the former ones stay until they are pruned', async () => {
    const { gemini, site, run } = await stage()
    await run('generate', '--yes')
    const before = await pinnedIn(site)
    const again = await run('generate', 'poster', '--again', '--yes')
    expect(again).toMatchObject({ code: 0, report: { generated: 1 } })
    expect(modalities(gemini)).toEqual(['TEXT', 'IMAGE', 'TEXT', 'IMAGE'])
    const { texts, pictures } = await pinnedIn(site)
    expect(texts).toMatchObject([{ redrawn: 1, former: before.texts }])
    expect(texts[0]?.text).not.toBe(before.texts[0]?.text)
    expect(pictures).toMatchObject([{ redrawn: 1, former: before.pictures }])
    const { stdout } = await runCommand(site.root, ['explain', 'poster'])
    expect(stdout).toContain('It is drawn from this text, written ')
    expect(stdout).toContain(`1 former one kept:\n  ${texts[0]?.text}`)
    const { report } = await run('prune', '--yes')
    expect(report).toMatchObject({ deleted: true, texts: [], formerTexts: [expect.any(String)] })
    expect(await pinnedIn(site)).toMatchObject({ texts: [{ redrawn: 1 }] })
    expect(await site.read('gemini-image.lock')).not.toContain('"former"')
  })

  test('a text that nothing draws from any more is pruned, with what lies beside it', async () => {
    const { site, run } = await stage(poster({ keepThoughts: 'true' }))
    await run('generate', '--yes')
    const thoughts = site.path('.gemini-image/thoughts')
    expect(readdirSync(thoughts)).toHaveLength(2)
    await site.write('src/poster.prompt.md', promptFile('A loaf'))
    await run('generate', '--yes')
    const { report } = await run('prune', '--yes')
    expect(report.texts).toHaveLength(1)
    expect(await pinnedIn(site)).toMatchObject({ texts: [], pictures: [{}] })
    expect(readdirSync(thoughts)).toEqual([])
  })

  test('what was looked up for the words is named beside the picture', async () => {
    const turns = `[{ prompt: ${POSTER}, output: text, grounding: { web: true } }, "Draw it"]`
    const { gemini, site, run } = await stage(poster({ turns }))
    expect(await run('generate', '--yes')).toMatchObject({ code: 0 })
    expect(modalities(gemini)).toEqual(['TEXT', 'TEXT', 'IMAGE'])
    const { texts, pictures } = await pinnedIn(site)
    const looked = texts.find(({ grounding }) => grounding)
    expect(looked?.grounding?.sources).not.toEqual([])
    expect(pictures[0]?.grounding).toEqual(looked?.grounding)
  })

  test('the pictures of a set say what each of them asks for, and share words that are the same', async () => {
    const text = poster({
      each: '{ place: [window, menu] }',
      turns: `["${POSTER} for the {{place}}"]`,
    })
    const { gemini, site, run } = await stage(text)
    const uses = ['window', 'menu'].map(
      (one) => `import './poster.prompt.md?each=${one}&gemini-image'\n`,
    )
    await site.write('src/main.js', uses.join(''))
    expect(await run('generate', '--yes')).toMatchObject({ code: 0, report: { generated: 2 } })
    expect(modalities(gemini).toSorted()).toEqual(['IMAGE', 'IMAGE', 'TEXT'])
    expect(await pinnedIn(site)).toMatchObject({ texts: [{}], pictures: [{}, {}] })
  })

  test('another file goes on from the words and their picture', async () => {
    const banner = promptFile('As a wide banner', {
      after: './poster.prompt.md',
      aspectRatio: "'21:9'",
    })
    const { gemini, site, run } = await stage(poster(), { 'src/banner.prompt.md': banner })
    await site.write('src/main.js', "import './banner.prompt.md?gemini-image'\n")
    expect(await run('generate', '--yes')).toMatchObject({ code: 0 })
    expect(modalities(gemini)).toEqual(['TEXT', 'IMAGE', 'IMAGE'])
    const { texts } = await pinnedIn(site)
    const { contents, generationConfig } = bodyOf(gemini, 2)
    expect(contents[1].parts[0].text).toBe(texts[0]?.text)
    expect(contents).toHaveLength(5)
    expect(generationConfig.imageConfig.aspectRatio).toBe('21:9')
  })

  test('a turn that is words is no picture to show, and nothing is paid', async () => {
    const { gemini, site, run } = await stage()
    await site.write('src/main.js', "import './poster.prompt.md?gemini-image&turn=0'\n")
    const { code, report } = await run('generate', '--yes')
    expect(code).toBe(1)
    expect(JSON.stringify(report)).toContain('no turn draws from it')
    expect(JSON.stringify(report)).toContain('turn=…')
    expect(gemini.requests).toEqual([])
  })

  test('nothing is paid where nothing may be, and what is missing is one error', async () => {
    const { gemini, site } = await stage()
    const { code, output } = await runCommand(site.root, ['generate', '--yes'], {
      ...keyed(gemini),
      GEMINI_IMAGE_MODE: 'frozen',
    })
    expect(code).not.toBe(0)
    expect(output).toContain('1:1 1K + 1 text')
    expect(gemini.requests).toEqual([])
  })
})

describe('an answer that is no text', () => {
  test('is booked, told once with its place, and not asked for again by itself', async () => {
    const { gemini, site, run } = await stage()
    const picture = { inlineData: { mimeType: 'image/jpeg', data: 'AAAA' } }
    const change = (answer: Json): void => {
      answer.candidates[0].content.parts = [picture]
    }
    gemini.fault({ kind: 'odd', change })
    const failed = await run('generate', '--yes')
    expect(failed).toMatchObject({ code: 1, report: { error: { code: 'NO_TEXT' } } })
    expect(gemini.requests).toHaveLength(1)
    expect(failed.stderr).toMatch(/answered without what was asked for and cost \$0\.00\d\d/)
    expect(await pinnedIn(site)).toEqual({ texts: [], pictures: [] })
    expect(await run('generate', '--yes')).toMatchObject({ code: 1 })
    expect(gemini.requests).toHaveLength(1)
    expect(await run('generate', '--yes', '--retry')).toMatchObject({ code: 0 })
    expect(modalities(gemini)).toEqual(['TEXT', 'TEXT', 'IMAGE'])
  })

  test('or breaks off, is drawn from by nobody', async () => {
    const { gemini, run } = await stage()
    const change = (answer: Json): void => {
      answer.candidates[0].finishReason = 'MAX_TOKENS'
    }
    gemini.fault({ kind: 'odd', change })
    const { report } = await run('generate', '--yes')
    expect(report.error).toMatchObject({
      code: 'NO_TEXT',
      message: expect.stringContaining('The model wrote: Fresh'),
    })
    expect(gemini.requests).toHaveLength(1)
  })

  test('and pictures beside it are kept for looking at, and shown by nobody', async () => {
    const { gemini, site, run } = await stage()
    gemini.fault({ kind: 'interleaved', images: 2 })
    const { code, stderr } = await run('generate', '--yes')
    expect(code).toBe(0)
    expect(stderr).toContain('sent a picture beside the text that was asked for')
    const { texts, pictures } = await pinnedIn(site)
    expect(texts).toMatchObject([{ text: 'Here is your picture.Here is your picture.' }])
    expect(texts[0]?.tokens.image).toBe(2240)
    expect(pictures).toHaveLength(1)
    const [folder = ''] = readdirSync(site.path('.gemini-image/thoughts'))
    expect(readdirSync(site.path('.gemini-image/thoughts', folder))).toEqual(['01.jpg', '02.jpg'])
    await run('prune', '--yes')
    expect(readdirSync(site.path('.gemini-image/thoughts'))).toEqual([folder])
  })
})
