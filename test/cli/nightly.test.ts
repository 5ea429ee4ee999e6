import { chmod, readFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { startGemini } from '../support/gemini.ts'
import { CLI, start } from '../support/process.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { KEY, keyed } from '../support/vite.ts'
import { commitAll, drawn, git, siteOf, type Json } from './stage.ts'

const RECIPE = 'gemini-image-nightly.yml'

/** The workflow as docs/ci.md shows it. */
async function workflow(): Promise<Json> {
  const page = await readFile(path.resolve(import.meta.dirname, '../../docs/ci.md'), 'utf8')
  const blocks = page.matchAll(/^```yaml\n(.*?)^```/gms)
  return parse([...blocks].find(([, text = '']) => text.includes(RECIPE))?.[1] ?? '')
}

/** Programs of a runner: `npx` runs our command, and `gh` notes what it was called with. */
async function toolsOf(): Promise<Site> {
  const programs = {
    npx: `#!/bin/sh\nshift\nexec "${process.execPath}" "${CLI}" "$@"\n`,
    gh: `#!/bin/sh\necho "$@" >> "$RUNNER_TEMP/gh.log"\necho 0\n`,
  }
  const tools = await createSite(programs)
  await Promise.all(Object.keys(programs).map((name) => chmod(tools.path(name), 0o755)))
  return tools
}

/** A repository with a remote, whose one picture is older than it may be. */
async function staleSite(gemini: Awaited<ReturnType<typeof startGemini>>): Promise<Site> {
  const settings = { grounding: '{ web: true }', fresh: '20h' }
  const site = await siteOf({ weather: promptFile('The weather in Basel', settings) })
  await drawn(site, gemini)
  const lock = await site.read('gemini-image.lock')
  await site.write('gemini-image.lock', lock.replace(/"created":"\d{4}/, '"created":"2020'))
  commitAll(site)
  const remote = await createSite({})
  git(remote.root, 'init', '--quiet', '--bare', 'origin.git')
  git(site.root, 'remote', 'add', 'origin', remote.path('origin.git'))
  return site
}

test('the nightly job of docs/ci.md redraws what is stale, once, and opens a pull request', async () => {
  const gemini = await startGemini()
  const [{ jobs }, tools, site] = await Promise.all([workflow(), toolsOf(), staleSite(gemini)])
  expect(jobs.redraw).toMatchObject({ needs: 'last', if: "needs.last.outputs.open == '0'" })
  const env = {
    ...keyed(gemini),
    CI: 'true',
    PATH: `${tools.root}:${process.env['PATH']}`,
    RUNNER_TEMP: tools.root,
    GITHUB_OUTPUT: tools.path('output'),
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'a/b',
    GIT_CONFIG_GLOBAL: '/dev/null',
  }
  const runJob = async (name: string): Promise<void> => {
    for (const { run } of jobs[name].steps) {
      if (run === undefined || run === 'npm ci') continue
      const { code, output } = await start(['-e', '-c', run], site.root, env, 'bash').ended
      expect(`${code} ${output}`).toMatch(/^0 /)
      expect(output).not.toContain(KEY)
    }
  }
  await runJob('last')
  expect(await tools.read('output')).toBe('count=0\n')
  await runJob('redraw')
  expect(gemini.requests).toHaveLength(2)
  const changed = git(site.root, 'diff', '--name-only', 'main', 'origin/gemini-image/nightly')
  expect(changed.trim().split('\n').toSorted()).toEqual([
    expect.stringMatching(/^\.gemini-image\/weather/),
    'gemini-image.ledger',
    'gemini-image.lock',
  ])
  const head = git(site.root, 'rev-parse', 'origin/gemini-image/nightly').trim()
  expect(await tools.read('report.md')).toContain(`https://github.com/a/b/blob/${head}/`)
  const opened = (log: string): string[] =>
    log.split('\n').filter((line) => line.startsWith('pr create'))
  expect(opened(await tools.read('gh.log'))).toHaveLength(1)
  // In the next night, with the pull request merged, nothing is stale.
  await runJob('redraw')
  expect(gemini.requests).toHaveLength(2)
  expect(opened(await tools.read('gh.log'))).toHaveLength(1)
})
