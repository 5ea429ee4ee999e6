import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { start, type Ended } from '../support/process.ts'
import type { Site } from '../support/site.ts'
import { KEY, keyed } from '../support/vite.ts'
import { copyOf } from './copy.ts'

const STORYBOOK = 'node_modules/storybook/dist/bin/dispatcher.js'

function buildStorybook(site: Site, env: Record<string, string>): Promise<Ended> {
  return start([STORYBOOK, 'build', '--disable-telemetry'], site.root, env).ended
}

/** The digests of the pictures of a folder, sorted. */
async function pictures(site: Site, folder: string): Promise<string[]> {
  const files = (await site.list(folder, true)).filter((file) => /\.jpe?g$/.test(file))
  const digests = files.map(async (file) => {
    const bytes = await site.bytes(`${folder}/${file}`)
    return createHash('sha256').update(bytes).digest('hex')
  })
  return (await Promise.all(digests)).toSorted()
}

/** All that a Storybook says, in one text. */
async function textOf(site: Site, folder: string): Promise<string> {
  const files = (await site.list(folder, true)).filter((file) => /\.(?:js|json|html)$/.test(file))
  return (await Promise.all(files.map((file) => site.read(`${folder}/${file}`)))).join('\n')
}

test('a Storybook has its pictures, paid for once, and no page of a prompt file', async () => {
  const gemini = await startGemini()
  const site = await copyOf('storybook')
  const first = await buildStorybook(site, { ...keyed(gemini), CI: '' })
  expect(`${first.code} ${first.output}`).toMatch(/^0 /)
  expect(askedPrompts(gemini)).toEqual(['A harbour', 'A leaf'])
  const text = await textOf(site, 'storybook-static')
  const words = ['alt:`Leaf`', KEY, 'A harbour', 'hero.prompt.md', 'geminiImage(']
  expect(words.filter((word) => text.includes(word))).toEqual(['alt:`Leaf`'])
  expect(first.output).not.toContain(KEY)
  // It is the list of stories that makes pages, with "autodocs" one for each file of stories.
  const index = JSON.parse(await site.read('storybook-static/index.json'))
  expect(Object.keys(index.entries)).toEqual(['hero--docs', 'hero--hero'])
  const shipped = await pictures(site, 'storybook-static')
  expect(shipped).toEqual(await pictures(site, '.gemini-image'))
  expect(shipped).toHaveLength(2)

  const again = await buildStorybook(site, { CI: 'true' })
  expect(`${again.code} ${again.output}`).toMatch(/^0 /)
  expect(await pictures(site, 'storybook-static')).toEqual(shipped)
})

test('in CI, a Storybook with the plugin in viteFinal lists all that is missing, and nothing is paid for', async () => {
  const gemini = await startGemini()
  const site = await copyOf('storybook')
  await site.remove('vite.config.js')
  await site.write(
    '.storybook/main.js',
    `import geminiImage from 'unplugin-gemini-image/vite'
    export default {
      framework: '@storybook/html-vite',
      stories: ['../src'],
      viteFinal: (config) => ({ ...config, plugins: [geminiImage(), ...(config.plugins ?? [])] }),
    }\n`,
  )
  const { code, output } = await buildStorybook(site, { ...keyed(gemini), CI: 'true' })
  expect(code).not.toBe(0)
  const said = output.replaceAll(/\s*│\s*/g, ' ')
  expect(said).toContain('src/hero.prompt.md')
  expect(said).toContain('src/hero.js')
  expect(output).not.toContain(KEY)
  expect(gemini.requests).toEqual([])
  expect(await pictures(site, 'storybook-static')).toEqual([])
})
