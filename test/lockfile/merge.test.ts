import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

function git(site: Site, ...args: string[]): string {
  const identity = [
    '-c',
    'user.name=A',
    '-c',
    'user.email=a@example.com',
    '-c',
    'merge.conflictStyle=diff3',
  ]
  return execFileSync('git', [...identity, ...args], { cwd: site.root, encoding: 'utf8' })
}

/** A repository in which two branches have each added pictures, and one has changed a prompt. */
async function diverged(attributes: string): Promise<{ site: Site; asked: () => number }> {
  const gemini = await startGemini()
  const site = await createSite({
    '.gitattributes': attributes,
    '.gitignore': 'node_modules\n',
    'src/shared.prompt.md': promptFile('Drawn before'),
    'src/shared.js': "import './shared.prompt.md?gemini-image'\n",
  })
  const draw = async (message: string): Promise<void> => {
    const { code, output } = await runCommand(site.root, ['generate', '--yes'], keyed(gemini))
    expect(output).toContain('generated')
    expect(code).toBe(0)
    git(site, 'add', '-A')
    git(site, 'commit', '-qm', message)
  }
  const add = async (...names: string[]): Promise<void> => {
    for (const name of names) {
      await site.write(`src/${name}.prompt.md`, promptFile(name))
      await site.write(`src/${name}.js`, `import './${name}.prompt.md?gemini-image'\n`)
    }
  }
  git(site, 'init', '-qb', 'main')
  await draw('base')
  git(site, 'checkout', '-qb', 'left')
  await add('one', 'two')
  await draw('left')
  git(site, 'checkout', '-q', 'main')
  await add('three', 'four')
  await site.write('src/shared.prompt.md', promptFile('Drawn again'))
  await draw('right')
  return { site, asked: () => gemini.requests.length }
}

test('two branches that each add pictures merge without a conflict, and nothing is paid again', async () => {
  const { site, asked } = await diverged('gemini-image.l* merge=union\n')
  const paid = asked()
  git(site, 'merge', '-q', '--no-edit', 'left')
  const plan = await runCommand(site.root, ['plan', '--json'])
  expect(plan.code).toBe(0)
  expect(JSON.parse(plan.output)).toMatchObject({ pinned: 5, missing: 0 })
  const verify = await runCommand(site.root, ['verify'])
  expect(verify.output).toContain('6 pinned pictures are whole')
  expect(asked()).toBe(paid)
})

test('a lockfile with conflict markers is used as the union, and written anew without them', async () => {
  const { site, asked } = await diverged('gemini-image.ledger merge=union\n')
  const paid = asked()
  expect(() => git(site, 'merge', '-q', '--no-edit', 'left')).toThrow('Command failed')
  const conflicted = await site.read('gemini-image.lock')
  expect(conflicted).toMatch(/^<<<<<<< /m)
  const plan = await runCommand(site.root, ['plan'])
  expect(plan.output).toContain('5 pinned, 0 missing')
  expect(plan.output).toContain('conflict markers')
  expect(await site.read('gemini-image.lock')).toBe(conflicted)
  const generate = await runCommand(site.root, ['generate', '--yes'], { GEMINI_API_KEY: 'unused' })
  expect(generate.code).toBe(0)
  const healed = await site.read('gemini-image.lock')
  expect(healed).not.toMatch(/^[<=>|]{7}/m)
  expect(healed.match(/^ {2}[0-9a-f]{64}: /gm)).toHaveLength(6)
  expect(asked()).toBe(paid)
})
