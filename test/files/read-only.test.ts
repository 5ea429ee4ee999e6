import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { expect, onTestFinished, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { CLI, start, type Ended } from '../support/process.ts'
import { createSite, openSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

/** Only root can give a project to somebody else, and mount a disk. */
const isRoot = process.getuid?.() === 0
const VITE = path.resolve(import.meta.dirname, '../node_modules/vite/bin/vite.js')
const BECOME_ANOTHER = 'process.setgid(54321); process.setuid(54321); process.argv.splice(1, 1)'

const PAGE = {
  'index.html': '<!doctype html><script type="module" src="/main.js"></script>\n',
  'main.js':
    "import kite from './kite.prompt.md?gemini-image&as=picture&widths=40;80'\nconsole.log(kite)\n",
  'kite.prompt.md': promptFile('A kite'),
}

/** A folder that anybody may write to. */
async function openFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(await realpath(tmpdir()), 'gemini-image-test-'))
  await chmod(folder, 0o777)
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Runs a program as a user to whom nothing belongs. */
function asAnother(
  program: string,
  args: readonly string[],
  site: Site,
  env: Record<string, string>,
): Promise<Ended> {
  const run = `${BECOME_ANOTHER}; await import(${JSON.stringify(program)})`
  const flags = ['--input-type=module', '-e', run, '--', 'x', program, ...args]
  return start(flags, site.root, { HOME: '/nonexistent', ...env }).ended
}

/** A site that anybody may read. */
async function readableSite(): Promise<Site> {
  const site = await createSite(PAGE)
  await chmod(site.root, 0o755)
  return site
}

async function viteConfig(site: Site, out: string): Promise<void> {
  await site.write(
    'vite.config.mjs',
    `import geminiImage from 'unplugin-gemini-image/vite'
     export default {
       plugins: [geminiImage()],
       cacheDir: '${out}/vite',
       build: { outDir: '${out}/dist', emptyOutDir: true },
     }`,
  )
}

/** A site with its picture pinned, and a folder for what is built. */
async function pinnedSite(): Promise<{ site: Site; out: string }> {
  const [site, gemini, out] = await Promise.all([readableSite(), startGemini(), openFolder()])
  await viteConfig(site, out)
  const drawn = await start([CLI, 'generate', '--yes'], site.root, keyed(gemini)).ended
  expect(drawn).toMatchObject({ code: 0 })
  await site.remove('node_modules')
  return { site, out }
}

test.skipIf(!isRoot).for([
  ['the host’s cache', (out: string) => `${out}/vite/gemini-image/renditions`, '/nonexistent'],
  ['a temporary folder', (out: string) => `${out}/tmp`, ''],
] as const)('a project that cannot be written is built, with %s', async ([what, used, tmp]) => {
  const { site, out } = await pinnedSite()
  await mkdir(`${out}/tmp`)
  await chmod(`${out}/tmp`, 0o777)
  if (what === 'a temporary folder') await viteConfig(site, '/nonexistent')
  const env = { CI: 'true', TMPDIR: tmp === '' ? `${out}/tmp` : tmp }
  const args = ['build', '--configLoader', 'runner', '--outDir', `${out}/dist`]
  const first = await asAnother(VITE, args, site, env)
  expect(first.output).not.toContain('WRITE_FAILED')
  expect(first.code).toBe(0)
  const shipped = await readdir(`${out}/dist/assets`)
  expect(shipped.filter((name) => name.endsWith('.avif'))).not.toEqual([])
  const files = await readdir(used(out), { recursive: true, withFileTypes: true })
  const made = files.filter((one) => one.isFile()).map((one) => path.join(one.parentPath, one.name))
  expect(made.length).toBeGreaterThan(3)
  const before = await Promise.all(made.map(async (file) => (await stat(file)).mtimeMs))
  // The next build finds them there.
  expect(await asAnother(VITE, args, site, env)).toMatchObject({ code: 0 })
  const after = await Promise.all(made.map(async (file) => (await stat(file)).mtimeMs))
  expect(after).toEqual(before)
})

test.skipIf(!isRoot)('placeholders are drawn for a project that cannot be written', async () => {
  const [site, out] = await Promise.all([readableSite(), openFolder()])
  await viteConfig(site, out)
  const args = ['build', '--configLoader', 'runner', '--mode', 'placeholder']
  const { code, output } = await asAnother(VITE, args, site, { TMPDIR: '/nonexistent' })
  expect(output).not.toContain('WRITE_FAILED')
  expect(code).toBe(0)
})

/** What may not be written, with all else belonging to whoever generates. */
test.skipIf(!isRoot).for([['.'], ['.gemini-image'], ['node_modules/.cache']] as const)(
  'nothing is paid for where %s cannot be written',
  async ([folder]) => {
    const [site, gemini] = await Promise.all([readableSite(), startGemini()])
    await mkdir(site.path('.gemini-image'))
    await mkdir(site.path('node_modules/.cache'), { recursive: true })
    execFileSync('chown', ['-R', '54321:54321', site.root])
    execFileSync('chown', ['0:0', site.path(folder)])
    const env = { ...keyed(gemini), TMPDIR: await openFolder() }
    const { code, output } = await asAnother(CLI, ['generate', '--yes'], site, env)
    expect(code).toBe(1)
    expect(output).toContain('WRITE_FAILED')
    expect(output).toContain('permission')
    expect(gemini.requests).toEqual([])
  },
)

test.skipIf(!isRoot)('a read-only file system is told as one', async () => {
  const gemini = await startGemini()
  const folder = await openFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder])
  onTestFinished(() => void execFileSync('umount', ['-l', folder]))
  const site = openSite(folder)
  for (const [file, text] of Object.entries({ ...PAGE, 'package.json': '{}' })) {
    await site.write(file, text)
  }
  execFileSync('mount', ['-o', 'remount,ro', folder])
  const { code, output } = await start([CLI, 'generate', '--yes'], site.root, keyed(gemini)).ended
  expect(code).toBe(1)
  expect(output).toContain('WRITE_FAILED')
  expect(output).toContain('EROFS: read-only file system')
  expect(output).toContain('mount that file system so that it can be written')
  expect(gemini.requests).toEqual([])
})
