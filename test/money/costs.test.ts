import { execFileSync } from 'node:child_process'
import process from 'node:process'
import { describe, expect, test } from 'vitest'
import { commitAll, drawn, git, plain, runJson, siteOf, type Json } from '../cli/stage.ts'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { lineAs } from './ledger.ts'

const TODAY = `${new Date().toISOString().slice(0, 10)}T00:00:00Z`

/** A day so many days before today, at noon. */
function daysAgo(days: number): string {
  return `${new Date(Date.parse(TODAY) - (days - 0.5) * 86_400_000).toISOString().slice(0, 19)}Z`
}

/** Commits all of a site as somebody, with the lines of the ledger that they have paid. */
async function pay(site: Site, author: string, ...lines: readonly string[]): Promise<void> {
  const before = await site.read('gemini-image.ledger').catch(() => '')
  await site.write('gemini-image.ledger', before + lines.join(''))
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: author,
    GIT_AUTHOR_EMAIL: 'x@example.org',
    GIT_COMMITTER_NAME: 'Merger',
    GIT_COMMITTER_EMAIL: 'm@example.org',
  }
  git(site.root, 'add', '--all')
  execFileSync('git', ['-C', site.root, 'commit', '-qm', author], { env })
}

async function costs(site: Site, ...args: readonly string[]): Promise<Json> {
  const { code, report } = await runJson(site, ['costs', ...args])
  expect(code).toBe(0)
  return report
}

/** `name dollars calls`, in order. */
async function groups(site: Site, by: string, ...more: readonly string[]): Promise<string[]> {
  const { by: found } = await costs(site, '--by', by, ...more)
  return found.map(({ name, dollars, calls }: Json) => `${name} ${dollars} ${calls}`)
}

describe('what was paid', () => {
  test('is nothing at first, then what the calls cost, also where prune has been', async () => {
    const gemini = await startGemini()
    const site = await siteOf(plain('one', 'two'))
    const none = await runCommand(site.root, ['costs'])
    expect(none).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Nothing is in/) })
    await drawn(site, gemini)
    const { stdout } = await runCommand(site.root, ['costs'])
    expect(stdout).toMatch(/^today +\$0\.0708 +2$/m)
    expect(stdout).toMatch(/^in all +\$0\.0708 +2$/m)
    await site.write('src/main.js', '')
    await site.remove('src/one.prompt.md')
    await site.remove('src/two.prompt.md')
    expect((await runCommand(site.root, ['prune', '--yes'])).output).toContain('2 lockfile entries')
    expect((await costs(site)).all).toMatchObject({ dollars: 0.070804, calls: 2 })
  })

  test('is counted by day and month, in UTC, and since a day', async () => {
    const site = await createSite({
      'gemini-image.ledger': [
        lineAs({ date: TODAY, dollars: 0.25 }),
        lineAs({ date: daysAgo(3), dollars: 1 }),
        lineAs({ date: daysAgo(70), dollars: 4, amount: 'most', outcome: 'unanswered' }),
        'half a line\n',
        lineAs({ date: daysAgo(400), dollars: 8, outcome: 'refused' }),
      ].join(''),
      'gemini-image.config.mjs': 'export default { monthlyBudget: 20 }\n',
    })
    const report = await costs(site, '--since', '7d')
    expect(report).toMatchObject({
      today: { calls: 1, dollars: 0.25 },
      since: { calls: 2, dollars: 1.25 },
      all: { calls: 4, withoutResult: 2, dollars: 13.25 },
      most: 4,
      monthlyBudget: 20,
      unreadable: [4],
    })
    const month = daysAgo(3).slice(0, 7) === TODAY.slice(0, 7) ? 1.25 : 0.25
    expect(report.month.dollars).toBe(month)
    expect((await costs(site, '--since', 'month')).since.dollars).toBe(month)
    expect((await costs(site, '--since', daysAgo(70).slice(0, 10))).since.calls).toBe(3)
    const { stdout, stderr } = await runCommand(site.root, ['costs'])
    expect(stdout).toMatch(/^this month .*of \$20\.00$/m)
    expect(stdout).toContain('$4.00 of it is the most that was estimated')
    expect(stdout).not.toContain('this branch')
    expect(stderr).toContain('gemini-image.ledger:4: A line')
  })

  test.each(['yesterday', '2026-02-30', '2026-1-1', '-1d', ''])(
    'since "%s" is refused',
    async (when) => {
      const site = await createSite({})
      const { code, stderr } = await runCommand(site.root, ['costs', `--since=${when}`])
      expect(code).toBe(1)
      expect(stderr).toContain('Write a day (2026-11-01)')
    },
  )

  test('a call counts once, however often a merge kept it, at what is known of it', async () => {
    const line = { call: 'batch/1', dollars: 0.5 }
    const site = await createSite({
      'gemini-image.ledger': [
        lineAs({ ...line, date: daysAgo(1), dollars: 2, amount: 'most', outcome: 'unanswered' }),
        '<<<<<<< HEAD\n',
        lineAs({ ...line, date: daysAgo(1) }),
        '=======\n',
        lineAs({ ...line, date: daysAgo(2), outcome: 'failed' }),
        '>>>>>>> left\n',
      ].join(''),
    })
    expect(await costs(site)).toMatchObject({
      all: { calls: 1, withoutResult: 1, dollars: 0.5 },
      unreadable: [],
    })
  })
})

describe('by', () => {
  const lines = [
    lineAs({
      date: '2026-09-30T23:59:59Z',
      dollars: 1,
      declaration: 'src/a/one.prompt.md?each=x/y',
    }),
    lineAs({
      date: '2026-10-01T00:00:00Z',
      dollars: 2,
      declaration: 'src/a/page.ts#page-leaf',
      model: 'other',
    }),
    lineAs({
      date: '2026-10-02T00:00:00Z',
      dollars: 4,
      declaration: 'hero.prompt.md',
      provider: 'vertex',
    }),
  ]

  test.each([
    ['month', ['2026-09 1 1', '2026-10 6 2']],
    ['folder', ['. 4 1', 'src/a 3 2']],
    ['model', ['gemini-nano-banana-2.1 5 2', 'other 2 1']],
    ['provider', ['vertex 4 1', 'google 3 2']],
  ])('%s', async (by, expected) => {
    const site = await createSite({ 'gemini-image.ledger': lines.join('') })
    expect(await groups(site, by)).toEqual(expected)
    const { stdout } = await runCommand(site.root, ['costs', '--by', by])
    expect(stdout).toContain(by.toUpperCase())
  })

  test('month, since a day', async () => {
    const site = await createSite({ 'gemini-image.ledger': lines.join('') })
    expect(await groups(site, 'month', '--since', '2026-10-02')).toEqual(['2026-10 4 1'])
  })

  test('author: who has committed the lines, whoever merged them', async () => {
    const site = await createSite({ '.gitattributes': 'gemini-image.ledger merge=union\n' })
    commitAll(site)
    await pay(site, 'Ada', lineAs({ dollars: 1 }))
    git(site.root, 'checkout', '-qb', 'left')
    await pay(site, 'Grace', lineAs({ dollars: 2 }), lineAs({ dollars: 2 }))
    git(site.root, 'checkout', '-q', 'main')
    await pay(site, 'Ada', lineAs({ dollars: 8 }))
    git(site.root, 'merge', '-q', '--no-edit', 'left')
    const before = await site.read('gemini-image.ledger')
    await site.write('gemini-image.ledger', before + lineAs({ dollars: 3 }))
    expect(await groups(site, 'author')).toEqual([
      'Ada 9 2',
      'Grace 4 2',
      '(not committed yet) 3 1',
    ])
  })

  test('author: without a commit nobody has, and without git nobody can know', async () => {
    const site = await createSite({ 'gemini-image.ledger': lineAs({ dollars: 1 }) })
    git(site.root, 'init', '-q')
    expect(await groups(site, 'author')).toEqual(['(not committed yet) 1 1'])
    const without = await runCommand(site.root, ['costs', '--by', 'author'], {
      GIT_DIR: '/nowhere',
    })
    expect(without.code).toBe(1)
    expect(without.stderr).toContain('INVALID_ARGUMENT')
    expect(without.stderr).toContain('Authors come from git')
  })
})

describe('a branch', () => {
  test('has paid for what its lines say, and a pull request shows it', async () => {
    const gemini = await startGemini()
    const site = await siteOf(plain('one'), { '.gitignore': 'node_modules\n' })
    await drawn(site, gemini)
    commitAll(site)
    const markdown = async (): Promise<string> =>
      (await runCommand(site.root, ['plan', '--format', 'markdown', '--base', 'main'])).stdout
    expect(await markdown()).not.toContain('Paid on')
    git(site.root, 'checkout', '-qb', 'feature')
    await site.write('src/two.prompt.md', promptFile('two'))
    await site.write('src/three.prompt.md', promptFile('three'))
    const imports = ['two', 'three'].map((name) => `import './${name}.prompt.md?gemini-image'\n`)
    await site.write('src/two.js', imports.join(''))
    gemini.fault({ kind: 'blocked', match: /^three/ })
    await runCommand(site.root, ['generate', '--yes'], keyed(gemini))
    const { branch, all } = await costs(site)
    expect(branch).toMatchObject({ base: 'main', calls: 2, withoutResult: 1 })
    expect(all.calls).toBe(3)
    git(site.root, 'add', '--all')
    git(site.root, 'commit', '-qm', 'two')
    expect((await costs(site)).branch).toEqual(branch)
    const dollars = `$${branch.dollars.toFixed(4)}`
    expect(await markdown()).toContain(
      `Paid on this branch: ${dollars}, for 2 calls, 1 of them without a result.`,
    )
    const { stdout } = await runCommand(site.root, ['costs'])
    expect(stdout).toMatch(/^this branch .* since main$/m)
    // What another branch pays meanwhile is not this one's.
    git(site.root, 'checkout', '-q', 'main')
    await pay(site, 'Ada', lineAs({ dollars: 9 }))
    git(site.root, 'checkout', '-q', 'feature')
    expect((await costs(site)).branch).toEqual(branch)
  })
})
