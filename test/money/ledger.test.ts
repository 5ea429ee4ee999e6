import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { expect, test, vi } from 'vitest'
import { prompt, setBatchStage } from '../batch/stage.ts'
import { drawn, git, plain, siteOf } from '../cli/stage.ts'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { runCli, start, startCli, startVite, viteConfig } from '../support/process.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { ledgerOf, lineAs, told } from './ledger.ts'

const JOBS = 'node_modules/.cache/gemini-image/jobs'

test('every call has a line: what it was for, what it cost, and what became of it', async () => {
  const gemini = await startGemini()
  const site = await siteOf(
    {
      ...plain('good', 'refused', 'half', 'lost', 'garbled'),
      words: promptFile('Words', { output: 'text', turns: '[A poster with them]' }),
      bare: '---\nsize: 1K\n---\n\nbare\n',
    },
    { 'gemini-image.config.mjs': 'export default { retryDelay: 5 }\n' },
  )
  gemini.fault({ kind: 'blocked', match: /^refused/ })
  gemini.fault({ kind: 'half-picture', match: /^half/ })
  gemini.fault({ kind: 'reset', match: /^lost/ })
  gemini.fault({ kind: 'odd', change: () => ({ candidates: 'none' }), match: /^garbled/ })
  const run = await runCommand(site.root, ['generate', '--yes'], keyed(gemini))
  expect(run.code).toBe(1)
  await runCommand(site.root, ['alt', '--yes'], keyed(gemini))
  const lines = await ledgerOf(site)
  expect(told(lines)).toEqual([
    'answered alt src/bare.prompt.md',
    'answered picture src/bare.prompt.md',
    'answered picture src/good.prompt.md',
    'answered picture src/half.prompt.md',
    'answered picture src/lost.prompt.md',
    'answered picture src/words.prompt.md',
    'answered text src/words.prompt.md',
    'failed picture src/garbled.prompt.md',
    // The same call as the answer that could not be decoded.
    'failed picture src/half.prompt.md',
    'refused picture src/refused.prompt.md',
    'unanswered picture src/lost.prompt.md',
  ])
  const calls = new Set(lines.map(({ call }) => call))
  expect(calls.size).toBe(gemini.requests.length)
  const unknown = lines.filter(({ amount }) => amount === 'most')
  expect(told(unknown)).toEqual([
    'failed picture src/garbled.prompt.md',
    'unanswered picture src/lost.prompt.md',
  ])
  expect(lines.every(({ date, dollars }) => /^2\d{3}-.*Z$/.test(date) && dollars > 0)).toBe(true)
  expect(new Set(lines.map(({ provider }) => provider))).toEqual(new Set(['google']))
  const half = lines.filter(({ declaration }) => declaration.includes('half'))
  expect(half[0]?.call).toBe(half[1]?.call)
})

test('a build writes it as well; a frozen one and a second one write nothing', async () => {
  const gemini = await startGemini()
  const site = await siteOf(plain('one'), viteConfig())
  const frozen = { ...keyed(gemini), CI: 'true' }
  expect(await startVite(site.root, ['build'], frozen).ended).toMatchObject({ code: 1 })
  expect(await site.list('.')).not.toContain('gemini-image.ledger')
  expect(await startVite(site.root, ['build'], keyed(gemini)).ended).toMatchObject({ code: 0 })
  expect(told(await ledgerOf(site))).toEqual(['answered picture src/one.prompt.md'])
  await site.write('gemini-image.ledger', 'mine')
  expect(await startVite(site.root, ['build'], frozen).ended).toMatchObject({ code: 0 })
  expect(await startVite(site.root, ['build'], keyed(gemini)).ended).toMatchObject({ code: 0 })
  expect(await site.read('gemini-image.ledger')).toBe('mine')
})

/** Kills a run as soon as the journal says something of its call. */
async function killOnce(site: Site, state: string, env: Record<string, string>): Promise<void> {
  const { child, ended } = startCli(site.root, ['generate', '--yes'], env)
  const isSaid = async (): Promise<boolean> => {
    // Without what is only about to be in its place.
    const names = (await site.list(JOBS)).filter((name) => name.endsWith('.json'))
    const texts = names.map((name) => site.read(`${JOBS}/${name}`))
    return (await Promise.allSettled(texts)).some((one) =>
      String(Object(one).value).includes(state),
    )
  }
  await vi.waitUntil(isSaid, { timeout: 20_000, interval: 1 })
  child.kill('SIGKILL')
  await ended
}

test('what a killed process was answered is booked once, whoever commits it', async () => {
  const gemini = await startGemini()
  const site = await siteOf(plain('one'))
  await killOnce(site, '"state":"answered"', keyed(gemini))
  // Whether it came to its line or not.
  await site.remove('gemini-image.ledger')
  expect((await runCommand(site.root, ['generate'], keyed(gemini))).code).toBe(0)
  const lines = await ledgerOf(site)
  expect(told(lines)).toEqual(['answered picture src/one.prompt.md'])
  expect(gemini.requests).toHaveLength(1)
})

test('it is booked once where its process came to the line and no further', async () => {
  const gemini = await startGemini()
  const site = await siteOf(plain('one'))
  await killOnce(site, '"state":"answered"', keyed(gemini))
  const [job = ''] = await site.list(JOBS)
  const { line } = JSON.parse(await site.read(`${JOBS}/${job}`)) as { line: object }
  await site.write('gemini-image.ledger', `${JSON.stringify(line)}\n`)
  expect((await runCommand(site.root, ['generate', '--yes'], keyed(gemini))).code).toBe(0)
  expect(await ledgerOf(site)).toEqual([line])
  expect(gemini.requests).toHaveLength(1)
})

test('what a killed process may have paid for is booked at the most, also where nobody asks again', async () => {
  const gemini = await startGemini()
  const site = await siteOf(plain('one'))
  gemini.setLatency(5000)
  await killOnce(site, '"state":"requested"', keyed(gemini))
  expect(await ledgerOf(site)).toEqual([])
  gemini.setLatency(0)
  await site.write('src/one.prompt.md', promptFile('Another'))
  expect((await runCommand(site.root, ['generate', '--yes'], keyed(gemini))).code).toBe(0)
  const lines = await ledgerOf(site)
  expect(lines.map(({ outcome, amount }) => `${outcome} ${amount}`)).toEqual([
    'unanswered most',
    'answered known',
  ])
  expect(new Set(lines.map(({ fingerprint }) => fingerprint)).size).toBe(2)
})

test('two processes at once write a line a call', async () => {
  const gemini = await startGemini({ latency: 50 })
  const site = await siteOf(plain('a', 'b', 'c', 'd'))
  const run = (): ReturnType<typeof runCli> =>
    runCli(site.root, ['generate', '--yes'], keyed(gemini))
  const [one, other] = await Promise.all([run(), run()])
  expect([one.code, other.code]).toEqual([0, 0])
  expect(told(await ledgerOf(site))).toEqual(
    ['a', 'b', 'c', 'd'].map((name) => `answered picture src/${name}.prompt.md`),
  )
})

test('lines of processes that hold no lock do not mix', async () => {
  const site = await createSite({
    'append.mjs': `
      import { appendLine } from '@gemini-image/core/internal'
      const place = { root: import.meta.dirname, kind: 'ledger', file: import.meta.dirname + '/gemini-image.ledger' }
      for (let n = 0; n < 40; n += 1) {
        appendLine(place, process.argv[2].repeat(3000))
      }\n`,
  })
  const names = ['a', 'b', 'c', 'd']
  const runs = names.map((name) => start(['append.mjs', name], site.root, {}).ended)
  expect((await Promise.all(runs)).map(({ code }) => code)).toEqual([0, 0, 0, 0])
  // Whoever looks while another writes takes its line for half of one, and leaves an empty line.
  const lines = (await site.read('gemini-image.ledger')).split('\n').filter((line) => line !== '')
  expect(lines.toSorted()).toEqual(names.flatMap((name) => Array(40).fill(name.repeat(3000))))
})

test('a line that another process left half written stays, and has a line of its own', async () => {
  const gemini = await startGemini()
  const site = await siteOf(plain('one'))
  const half = Buffer.concat([
    Buffer.from(lineAs({ dollars: 1 })),
    Buffer.from('{"date":"Dü').subarray(0, -1),
  ])
  await writeFile(site.path('gemini-image.ledger'), half)
  const run = await runCommand(site.root, ['generate', '--yes'], keyed(gemini))
  expect(run.code).toBe(0)
  expect(run.stderr).toContain("gemini-image.ledger:2: A line can't be read and is not counted")
  const bytes = await site.bytes('gemini-image.ledger')
  expect(bytes.subarray(0, half.length).equals(half)).toBe(true)
  const [next = ''] = bytes
    .subarray(half.length + 1)
    .toString()
    .split('\n')
  expect(JSON.parse(next)).toMatchObject({ declaration: 'src/one.prompt.md' })
})

test.each([
  ['a folder', (site: Site) => mkdir(site.path('gemini-image.ledger'))],
  [
    'a link out of the root',
    async (site: Site) => {
      const other = await createSite({ ledger: '' })
      await symlink(other.path('ledger'), site.path('gemini-image.ledger'))
    },
  ],
  [
    'a link that leads nowhere',
    (site: Site) => symlink(site.path('../nowhere'), site.path('gemini-image.ledger')),
  ],
])('where the ledger is %s, the picture is pinned, and the amount is told', async (_, spoil) => {
  const gemini = await startGemini()
  const site = await siteOf(plain('one'))
  await spoil(site)
  const run = await runCommand(site.root, ['generate', '--yes'], keyed(gemini))
  expect(run.code).toBe(0)
  expect(run.stderr).toContain('$0.0354 for src/one.prompt.md is not in gemini-image.ledger.')
  expect(await site.read('gemini-image.lock')).toContain('src/one.prompt.md')
  expect(await site.read('gemini-image.ledger').catch(() => '')).toBe('')
})

test('answers of a batch job are booked at its price when they are collected, and once', async () => {
  const stage = await setBatchStage(
    { good: prompt('good'), bad: prompt('bad') },
    { batch: { polls: 1 } },
  )
  stage.gemini.fault({ kind: 'blocked', match: /^bad/ })
  await stage.batches().submit(stage.files('good', 'bad'))
  expect(await ledgerOf(stage.site)).toEqual([])
  const record = await stage.record()
  await stage.batches().collect({ wait: true, firstPause: 5 })
  const lines = await ledgerOf(stage.site)
  expect(told(lines)).toEqual(['answered picture good.prompt.md', 'refused picture bad.prompt.md'])
  const good = lines.find(({ outcome }) => outcome === 'answered')
  expect(good?.dollars).toBeLessThan(0.02)
  expect(good?.call).toBe(`${good?.batch}/${good?.fingerprint.slice(0, 16)}`)
  // Somebody else collects the same job, whose record they have committed.
  await stage.site.write('gemini-image.batch', record)
  await stage.batches().collect({ wait: true, firstPause: 5 })
  expect(await ledgerOf(stage.site)).toEqual(lines)
})

test('two branches that pay merge without a conflict, and prune leaves the lines alone', async () => {
  const gemini = await startGemini()
  const site = await siteOf(plain('base'))
  git(site.root, 'init', '-qb', 'main')
  await runCommand(site.root, ['init', '--yes'])
  await drawn(site, gemini)
  const commit = (message: string): void => {
    git(site.root, 'add', '--all', '--', '.', ':(exclude)node_modules')
    git(site.root, 'commit', '-qm', message)
  }
  const add = async (name: string): Promise<void> => {
    await site.write(`src/${name}.prompt.md`, promptFile(name))
    await site.write(`src/${name}.js`, `import './${name}.prompt.md?gemini-image'\n`)
    await drawn(site, gemini)
    commit(name)
  }
  commit('base')
  git(site.root, 'checkout', '-qb', 'left')
  await add('left')
  git(site.root, 'checkout', '-q', 'main')
  await add('right')
  git(site.root, 'merge', '-q', '--no-edit', 'left')
  const lines = await ledgerOf(site)
  expect(told(lines)).toEqual(
    ['base', 'left', 'right'].map((name) => `answered picture src/${name}.prompt.md`),
  )
  for (const name of ['left', 'right']) {
    await site.remove(`src/${name}.prompt.md`)
    await site.remove(`src/${name}.js`)
  }
  const pruned = await runCommand(site.root, ['prune', '--yes'])
  expect(pruned.output).toContain('2 lockfile entries deleted')
  expect(await ledgerOf(site)).toEqual(lines)
})
