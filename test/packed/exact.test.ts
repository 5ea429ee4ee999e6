import { glob, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { closureOf, idOf, readLock } from './lock.ts'
import { installedManifest, packageNames, WORKSPACE } from './packages.ts'
import { isExact, npx } from './run.ts'

test.each(['yarn', 'yarn@1', 'yarn@^1.22.22', 'yarn@1.22.x', 'yarn@latest', '@yarnpkg/cli-dist'])(
  'no test can start %s with npx: it may be another version tomorrow',
  async (specifier) => {
    const message = `"${specifier}" is not an exact version.`
    await expect(npx(specifier, 'yarn')).rejects.toThrow(message)
  },
)

/** Tells people what to type. */
const FOR_PEOPLE = 'scripts/demo.ts'
/** Messages as people read them: nothing runs what they name. */
const MESSAGES = 'test/errors/examples.json'
/** Finds the package that a command fetches: `npx -y yarn@1.22.22`. */
const FETCHED =
  /\b(?:npx|(?:pnpm|yarn) (?:add|dlx)|npm (?:exec|i|install))(?: +-\S+)* +["']?([@\w][^\s'"`]*)/g

test('the tests and scripts name an exact version of each package that they fetch', async () => {
  const ours = await packageNames()
  const found: string[] = []
  const starters: string[] = []
  for (const file of await sources()) {
    if (file === MESSAGES) continue
    const text = await readFile(path.join(WORKSPACE, file), 'utf8')
    const code = text.replaceAll(/^\s*(\/\/|\/?\*|#).*$/gm, '')
    if (/(['"`])npx\1/.test(code)) starters.push(file)
    for (const [line, specifier = ''] of code.matchAll(FETCHED)) {
      const typed = file === FOR_PEOPLE && specifier === 'pnpm@12'
      if (!typed && !isExact(specifier) && !ours.includes(specifier)) found.push(`${file}: ${line}`)
    }
  }
  expect(found).toEqual([])
  // All others start npx through that file, which checks the version.
  expect(starters).toEqual(['test/packed/run.ts'])
})

async function sources(): Promise<string[]> {
  const files = ['.ci/run', 'package.json']
  const pattern = '{bench,scripts,test}/**/*.{json,ts}'
  const options = { cwd: WORKSPACE, exclude: ['**/node_modules'] }
  for await (const file of glob(pattern, options)) files.push(file.replaceAll(path.sep, '/'))
  return files
}

test('the lockfile has every dependency of the packages that a site installs, for all platforms', async () => {
  const hosts = ['vite', 'astro', 'webpack', '@rspack/core', 'rollup', 'rolldown', 'esbuild']
  const names = [...hosts, 'svelte', 'vue', ...(await packageNames())]
  const { pins } = closureOf(names, await readLock())
  const pinned = new Set(pins.map(({ parent, name }) => `${parent && idOf(parent)}>${name}`))
  const left: string[] = []
  for (const [id, pin] of new Map(pins.map((one) => [idOf(one), one]))) {
    const { dependencies, optionalDependencies } = (await installedManifest(pin)) ?? {}
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      if (!pinned.has(`${id}>${name}`)) left.push(`${id}>${name}`)
    }
  }
  // `pnpm install --fix-lockfile` adds packages that the registry did not have before.
  expect(left).toEqual([])
})
