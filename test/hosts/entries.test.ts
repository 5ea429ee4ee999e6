import { execFile } from 'node:child_process'
import process from 'node:process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const REPORT = `
  import { registerHooks } from 'node:module'
  const urls = []
  registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) })
  await import(process.argv[1])
  console.log(urls.join('\\n'))`

test.each(['rollup', 'rolldown', 'esbuild'])('the entry for %s loads no bundler', async (entry) => {
  const specifier = import.meta.resolve(`unplugin-gemini-image/${entry}`)
  const run = promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    REPORT,
    specifier,
  ])
  const { stdout } = await run
  expect(stdout).toContain(`${entry}.js`)
  expect(stdout).not.toMatch(/node_modules\/(?:vite|webpack|rollup|rolldown|esbuild|@rspack)\//)
})
