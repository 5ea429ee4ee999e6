import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { createSite, pageOf, promptFile } from '../support/site.ts'
import { buildSite, failingBuild, keyed, serveSite } from '../support/vite.ts'

const MACRO = `import { geminiImage } from 'unplugin-gemini-image/macro'`

describe('a build', () => {
  test('lists all that have none, with whatever else is wrong, and asks for nothing', async () => {
    const gemini = await startGemini()
    const site = await createSite({
      ...pageOf(['none', 'empty', 'draft', 'good', 'bad']),
      'src/none.prompt.md': 'A lighthouse\n',
      'src/empty.prompt.md': '---\nalt:\n---\nA lamp\n',
      'src/draft.prompt.md': '---\naltDraft: A gull on a post\n---\nA gull\n',
      'src/good.prompt.md': promptFile('A rope', { alt: "''" }),
      'src/bad.prompt.md': promptFile('A mast', { size: '9K' }),
      'src/leaf.js': `${MACRO}\ndocument.title = geminiImage({ prompt: 'A leaf' }).src`,
    })
    for (const mode of ['auto', 'frozen', 'placeholder'] as const) {
      const said = await failingBuild(site, { env: keyed(gemini), options: { mode } })
      expect(said).toContain('SEVERAL_PROBLEMS')
      expect(said).toContain('5 problems:')
      for (const place of ['none.prompt.md:1:1', 'empty.prompt.md:4:1', 'leaf.js:2:40']) {
        expect(said).toContain(`MISSING_ALT at src/${place}\n`)
      }
      expect(said).toMatch(
        /MISSING_ALT at src\/draft\.prompt\.md:4:1[^]*"A gull on a post"[^]*rename/,
      )
      expect(said).toContain('UNSUPPORTED_SIZE at src/bad.prompt.md:3:7')
      expect(said).not.toContain('good.prompt.md')
    }
    expect(gemini.requests).toEqual([])
    expect(await site.list('.gemini-image')).toEqual([])
  })

  test('does without once it is declared, also as decorative', async () => {
    const gemini = await startGemini()
    const site = await createSite({
      ...pageOf(['one']),
      'src/one.prompt.md': promptFile('A rope', { alt: '' }),
    })
    expect(await failingBuild(site, { env: keyed(gemini) })).toContain('MISSING_ALT')
    await site.write('src/one.prompt.md', promptFile('A rope', { alt: "''" }))
    await buildSite(site, { env: keyed(gemini) })
    expect(askedPrompts(gemini)).toEqual(['A rope'])
  })

  test('asks it of pictures that only other pictures refer to, and of none that nobody uses', async () => {
    const gemini = await startGemini()
    const site = await createSite({
      ...pageOf(['scene']),
      'src/scene.prompt.md': promptFile('A scene', { references: '[./anna.prompt.md]' }),
      'src/anna.prompt.md': 'Anna\n',
      'src/idea.prompt.md': 'An idea\n',
    })
    const said = await failingBuild(site, { env: keyed(gemini) })
    expect(said).toContain('MISSING_ALT at src/anna.prompt.md:1:1')
    expect(said).not.toContain('idea')
  })

  test('asks it of what no scan has seen', async () => {
    const gemini = await startGemini()
    const site = await createSite({
      ...pageOf(['one']),
      'src/one.prompt.md': 'A rope\n',
    })
    const options = { exclude: ['src/main.js'] }
    const said = await failingBuild(site, { env: keyed(gemini), options })
    expect(said).toContain('MISSING_ALT at src/one.prompt.md:1:1')
    expect(gemini.requests).toEqual([])
  })
})

describe('a dev server', () => {
  test('draws what has none, and says so once for each, whatever is asked for', async () => {
    const gemini = await startGemini()
    const site = await createSite({
      ...pageOf(['one', 'two', 'good']),
      'src/one.prompt.md': promptFile('One', { alt: '' }),
      'src/two.prompt.md': promptFile('Two', { alt: '', altDraft: 'Two, unseen' }),
      'src/good.prompt.md': promptFile('Good'),
    })
    const options = { quietPeriod: 50 }
    const { server, log } = await serveSite(site, { env: keyed(gemini), options })
    const warnings = (): readonly string[] => log.filter((line) => line.includes('MISSING_ALT'))
    await vi.waitUntil(() => gemini.requests.length === 3, 30_000)
    for (const name of ['one', 'two', 'good', 'one']) {
      await server.transformRequest(`/src/${name}.prompt.md?gemini-image`)
      server.moduleGraph.invalidateAll()
    }
    expect(warnings()).toHaveLength(1)
    for (const place of ['one.prompt.md:5:1', 'two.prompt.md:6:1  altDraft']) {
      expect(warnings()[0]).toContain(`src/${place}`)
    }
    expect(warnings()[0]).not.toContain('good.prompt.md')

    // Mended, and lost again with another edit: that is news.
    await site.save('src/one.prompt.md', promptFile('One'))
    await sleep(500)
    await server.transformRequest('/src/one.prompt.md?gemini-image')
    expect(warnings()).toHaveLength(1)
    await site.save('src/one.prompt.md', promptFile('One', { alt: '' }))
    await vi.waitFor(async () => {
      await server.transformRequest('/src/one.prompt.md?gemini-image')
      expect(warnings()).toHaveLength(2)
    }, 30_000)
    expect(warnings()[1]).toContain('src/one.prompt.md:5:1')
    expect(warnings()[1]).not.toContain('two.prompt.md')
  })
})
