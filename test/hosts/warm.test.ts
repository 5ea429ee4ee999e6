import { statSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { start } from '../support/process.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

const PROGRAM = path.join(import.meta.dirname, 'warm-build.ts')

/** How long files must be left alone before a build remembers what it found in them, in milliseconds. */
const REST = 2100

/** What of core a build may take that finds everything as it was: less than a tenth of it, in bytes. */
const LITTLE = 60_000

const FILES = {
  'src/main.js':
    "import hero from './hero.prompt.md?gemini-image'\nimport { alt } from './team.prompt.md?gemini-image'\nconsole.log(hero, alt)\n",
  'src/hero.prompt.md': promptFile('A harbour'),
  'src/team.prompt.md': promptFile('A crew'),
}

interface Build {
  /** Bytes of core's files that were loaded. */
  readonly size: number
  /** What lies in `dist`. */
  readonly shipped: readonly (readonly [string, string])[]
}

async function build(host: string, site: Site, env: Record<string, string>): Promise<Build> {
  const { code, output, stdout } = await start([PROGRAM, host, site.root], site.root, env).ended
  expect([code, output]).toEqual([0, output])
  const loaded = JSON.parse(stdout.split('\n').at(-1) ?? '') as string[]
  const core = loaded.filter((file) => file.includes('/core/'))
  const size = core.reduce((sum, file) => sum + statSync(file).size, 0)
  const shipped = []
  for (const name of await site.list('dist', true)) {
    if (path.extname(name))
      shipped.push([name, (await site.bytes(`dist/${name}`)).toString('hex')] as const)
  }
  return { size, shipped }
}

test.for(['vite', 'webpack', 'rspack', 'rollup', 'esbuild'])(
  'a build in which nothing has changed takes little of us: %s',
  async (host) => {
    const gemini = await startGemini()
    const site = await createSite(FILES)
    const env = { ...keyed(gemini), CI: '' }
    const first = await build(host, site, env)
    await setTimeout(REST)
    expect((await build(host, site, env)).shipped).toEqual(first.shipped)
    const warm = await build(host, site, env)
    expect(warm.shipped).toEqual(first.shipped)
    expect(warm.size).toBeLessThan(LITTLE)
    expect(first.size).toBeGreaterThan(LITTLE * 5)
    expect(gemini.requests).toHaveLength(2)

    await site.write('src/main.js', FILES['src/main.js'].replace('team', 'crew'))
    await site.write('src/crew.prompt.md', promptFile('A crew at sea'))
    await build(host, site, env)
    expect(gemini.requests).toHaveLength(3)
  },
)
