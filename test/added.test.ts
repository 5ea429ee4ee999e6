import { globSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createProgram } from 'gemini-image'
import { SETTING_NAMES } from '../packages/core/src/declare/settings.ts'
import { FORMS } from '../packages/core/src/pixels/renditions/forms/forms.ts'

// The steps of CONTRIBUTING.md that neither the compiler nor another test would ask for.

const ROOT = path.resolve(import.meta.dirname, '..')

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8')
}

const tests = globSync('test/**/*.ts', { cwd: ROOT, exclude: ['**/node_modules', 'test/.sites'] })
  .filter((file) => path.basename(file) !== 'added.test.ts')
  .map((file) => read(file))

test('every provider passes the contract', () => {
  const folders = readdirSync(path.join(ROOT, 'packages/core/src/providers'), {
    withFileTypes: true,
  })
    .filter((entry) => entry.isDirectory() && entry.name !== 'models')
    .map(({ name }) => name)
  const contracts = globSync('test/providers/*.test.ts', { cwd: ROOT })
    .filter((file) => read(file).includes("from './contract.ts'"))
    .map((file) => path.basename(file).replace(/(?:-contract)?\.test\.ts$/, ''))
  const passing = new Set(contracts)
  expect(folders.filter((name) => !passing.has(name))).toEqual([])
})

test('every entry of the plugin is used by a test', () => {
  const { exports } = JSON.parse(read('packages/unplugin/package.json')) as { exports: object }
  // Types have tests that compile them, schemas some that read them.
  const entries = Object.keys(exports)
    .filter((entry) => !/^\.$|\.json$|\/client/.test(entry))
    .map((entry) => entry.slice(2))
  const isUsed = (entry: string): boolean => {
    const name = new RegExp(`['"](?:unplugin-gemini-image/)?${entry}['"]`)
    return tests.some((text) => name.test(text))
  }
  expect(entries.length).toBeGreaterThan(20)
  expect(entries.filter((entry) => !isUsed(entry))).toEqual([])
})

test('every form of rendition has types and a line in the docs', () => {
  const types = read('packages/unplugin/client-renditions.d.ts')
  const docs = read('docs/renditions.md')
  const forms = Object.keys(FORMS)
  expect(forms.filter((form) => !types.includes(`'*?gemini-image&as=${form}'`))).toEqual([])
  expect(forms.filter((form) => !docs.includes(`\`${form}\``))).toEqual([])
})

test('every command is run by a test', () => {
  const commands = createProgram().commands.map((command) => command.name())
  expect(commands.length).toBeGreaterThan(20)
  expect(commands.filter((name) => !tests.some((text) => text.includes(`'${name}'`)))).toEqual([])
})

test('every setting has a line in the docs', () => {
  const docs = read('docs/declarations.md')
  expect(SETTING_NAMES.length).toBeGreaterThan(20)
  expect(SETTING_NAMES.filter((name) => !docs.includes(`\`${name}`))).toEqual([])
})
