import { symlink } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { createSite } from '../support/site.ts'
import { failingBuild } from '../support/vite.ts'

test('a root that is not there is an error, by flag, by plugin and by configuration', async () => {
  const site = await createSite({ 'index.html': '<p>Nothing</p>' })
  const byFlag = await runCommand(site.root, ['plan', '--root', 'nowhere'])
  expect(byFlag).toMatchObject({ code: 1, output: expect.stringContaining('INVALID_ARGUMENT') })
  expect(byFlag.output).toContain('there is no such folder')
  expect(await failingBuild(site, { options: { root: 'nowhere' } })).toContain('not a folder')
  await site.write('gemini-image.config.mjs', "export default { root: 'package.json' }\n")
  const byConfig = await runCommand(site.root, ['plan'])
  expect(byConfig).toMatchObject({ code: 1, output: expect.stringContaining('not a folder') })
})

test('a lockfile that is a link to itself is an error of ours', async () => {
  const site = await createSite({})
  await symlink('gemini-image.lock', site.path('gemini-image.lock'))
  const { code, output } = await runCommand(site.root, ['plan'])
  expect(code).toBe(1)
  expect(output).toContain('CORRUPT_LOCKFILE at gemini-image.lock')
  expect(output).toContain('ELOOP')
})

test.for([
  ['a function', 'export default () => ({ budget: 1 })', 'INVALID_CONFIG'],
  ['nothing', 'export const budget = 1', 'INVALID_CONFIG'],
  ['a list', 'export default []', 'INVALID_CONFIG'],
  ['a rejected promise', "export default Promise.reject(new Error('no'))", 'INVALID_CONFIG'],
  ['a store that is none', 'export default { store: { shared: {} } }', 'INVALID_OPTION'],
  ['a number as a root', 'export default { root: 1 }', 'INVALID_OPTION'],
  ['an endless budget', 'export default { budget: Infinity }', 'INVALID_OPTION'],
] as const)('a configuration that exports %s is told at its place', async ([, text, code]) => {
  const site = await createSite({ 'gemini-image.config.mjs': text })
  const ended = await runCommand(site.root, ['plan'])
  expect(ended.code).toBe(1)
  expect(ended.output).toContain(code)
  expect(ended.output).toContain('gemini-image.config.mjs')
})

test('a configuration that takes its time is waited for', async () => {
  const site = await createSite({
    'gemini-image.config.mjs': `await new Promise((resolve) => setTimeout(resolve, 1500))
      export default { budgett: 1 }`,
  })
  const { output } = await runCommand(site.root, ['plan'])
  expect(output).toContain('Did you mean "budget"?')
})
