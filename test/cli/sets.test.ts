import { expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { runJson } from './stage.ts'

const WORDS = ['New York', 'C', 'C#']
const EACH = `{ words: [New York, C, 'C#', Nobody asks] }`

/** A page that shows three pictures of a set. */
function siteOf(settings: Readonly<Record<string, string>> = {}): Promise<Site> {
  const imports = WORDS.map(
    (one, i) => `import p${i} from './poster.prompt.md?each=${one}&gemini-image'`,
  )
  return createSite({
    'main.js': `${imports.join('\n')}\nconsole.log(p0, p1, p2)`,
    'poster.prompt.md': promptFile('The words {{words}}', { each: EACH, ...settings }),
  })
}

test('a name stands for one picture of a set, and a path for all of them', async () => {
  const gemini = await startGemini()
  const site = await siteOf({ alt: 'Words, {{words}}' })
  const generate = (name: string): Promise<unknown> =>
    runCommand(site.root, ['generate', name, '--yes'], keyed(gemini))
  expect(await generate('poster-new-york')).toMatchObject({ code: 0 })
  expect(askedPrompts(gemini)).toEqual(['The words New York'])
  expect(await generate('poster.prompt.md?each=C%23')).toMatchObject({ code: 0 })
  expect(askedPrompts(gemini)).toEqual(['The words C#', 'The words New York'])
  expect(await generate('poster.prompt.md')).toMatchObject({ code: 0 })
  expect(askedPrompts(gemini)).toHaveLength(4)
})

test('the alternative text that a set lacks is asked for once', async () => {
  const site = await siteOf()
  await site.write('poster.prompt.md', `---\neach: ${EACH}\n---\n\nThe words {{words}}\n`)
  const { output } = await runCommand(site.root, ['plan'])
  expect(output).toContain('MISSING_ALT: 1 picture has no alternative text')
  expect(output).toMatch(/missing {2}poster-new-york +poster\.prompt\.md:2:17 +new /)
})

test('what is emitted of a set has the name that the command knows, and none is written over', async () => {
  const gemini = await startGemini()
  const site = await siteOf({ alt: 'Words, {{words}}' })
  await site.write('poster-new-york.prompt.md', promptFile('Another', { alt: 'Another' }))
  const frozen = await runCommand(site.root, ['emit', 'out', '--mode', 'frozen'])
  expect(frozen.output).toMatch(/MISSING_PICTURE[^]*poster\.prompt\.md:3:17 poster-new-york /)
  const { report } = await runJson(site, ['emit', 'out', '--public-path', '/p'], keyed(gemini))
  expect(report).toMatchObject({ pictures: 5 })
  const { pictures } = JSON.parse(await site.read('out/manifest.json'))
  const told = Object.entries(pictures as Record<string, { alt: string; src: string }>).map(
    ([name, { alt, src }]) => [name, alt, src],
  )
  expect(told).toEqual([
    ['poster-new-york', 'Another', '/p/poster-new-york.jpg'],
    ['poster?each=New York', 'Words, New York', '/p/poster-new-york-2.jpg'],
    ['poster?each=C', 'Words, C', '/p/poster-c.jpg'],
    ['poster?each=C%23', 'Words, C#', '/p/poster-c-2.jpg'],
    ['poster?each=Nobody asks', 'Words, Nobody asks', '/p/poster-nobody-asks.jpg'],
  ])
  expect((await site.list('out')).filter((name) => name.endsWith('.jpg'))).toHaveLength(5)
})
