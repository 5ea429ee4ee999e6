import { globSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { LAYERS } from '../../../oxlint.config.ts'

test('every folder of core is a layer, of which lint knows what it may import', () => {
  const entries = readdirSync(path.join(import.meta.dirname, '../src'), { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  expect(folders.toSorted()).toEqual(LAYERS.toSorted())
})

/** Files that may name a provider's company, and why. */
const NAMING: Readonly<Record<string, string>> = {
  'core/src/providers/built-in.ts': 'lists the providers',
  'core/src/providers/built-in-credentials.ts': 'lists the providers',
  'core/src/team/s3/request.ts': 'Cloud Storage is a store',
  'core/src/team/s3/s3-store.ts': 'Cloud Storage is a store',
  'core/src/team/s3/sign.ts': 'Cloud Storage is a store',
  'core/src/team/store-error.ts': 'Cloud Storage is a store',
  'unplugin/src/credits.ts': 'words of a page, which knows no provider',
  'unplugin/src/json-ld.ts': 'words of a page, which knows no provider',
}

test('nothing outside of its folder names the company of a provider', () => {
  const packages = path.join(import.meta.dirname, '../..')
  const files = globSync('*/src/**/*.{ts,tsx,astro}', { cwd: packages })
  const naming = files
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter((file) => !/^core\/src\/providers\/(?!models\/)[\w-]+\//.test(file))
    .filter((file) =>
      /google|gemini api|GEMINI_API_KEY|aistudio/i.test(
        readFileSync(path.join(packages, file), 'utf8'),
      ),
    )
  expect(naming.toSorted()).toEqual(Object.keys(NAMING).toSorted())
})

test('each provider is a folder and a line of the entry that configurations import', () => {
  const src = path.join(import.meta.dirname, '../src')
  const folders = readdirSync(path.join(src, 'providers'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'models')
    .map(({ name }) => name)
  const lines = readFileSync(path.join(src, 'providers.ts'), 'utf8').matchAll(
    /^export \* from '\.\/providers\/([\w-]+)\/definition\.ts'$/gm,
  )
  // The default needs no name in a configuration.
  expect(['google', ...Array.from(lines, ([, name = '']) => name)].toSorted()).toEqual(
    folders.toSorted(),
  )
})
