import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

// Builds the examples as CI would: from their lockfiles, with no key and no network.
const root = path.resolve(import.meta.dirname, '..')
const site = path.join(root, 'examples/vite')
const blog = path.join(root, 'examples/astro')
const shop = path.join(root, 'examples/webpack')
const docs = path.join(root, 'site')
const env: NodeJS.ProcessEnv = {
  ...process.env,
  GEMINI_IMAGE_MODE: 'frozen',
  ASTRO_TELEMETRY_DISABLED: '1',
}
delete env['GEMINI_API_KEY']
delete env['GOOGLE_API_KEY']

/** Runs a build; what it says is shown only where asked for, or where it fails. */
function build(cwd: string, [command = '', ...args]: readonly string[], isShown: boolean): void {
  const stdio = isShown ? 'inherit' : 'pipe'
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path.join(cwd, 'node_modules', command), ...args],
    { cwd, env, stdio, encoding: 'utf8' },
  )
  if (status === 0) return
  if (!isShown) process.stderr.write(stdout + stderr)
  process.exit(status ?? 1)
}

/** How many pictures a folder holds, and what they weigh. */
function weigh(folder: string): string {
  const pictures = readdirSync(folder).filter((name) => /\.(?:avif|jpe?g|png|webp)$/.test(name))
  const bytes = pictures.reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0)
  return `${pictures.length} files, ${Math.round(bytes / 1000)} kB`
}

function countPinned(folder: string): number {
  const lockfile = readFileSync(path.join(folder, 'gemini-image.lock'), 'utf8')
  return lockfile.match(/^ +[\da-f]{64}: /gm)?.length ?? 0
}

build(site, ['vite/bin/vite.js', 'build'], true)
build(shop, ['webpack/bin/webpack.js', '--mode', 'production'], false)
console.log(
  '\nAstro makes every picture of the blog in many sizes. The first time, that takes a while.',
)
build(blog, ['astro/bin/astro.mjs', 'build'], false)
build(docs, ['astro/bin/astro.mjs', 'build'], false)

const here = (folder: string): string => path.relative(process.cwd(), folder) || '.'

console.log(`
The Vite site is built: ${countPinned(site)} pictures, ${weigh(path.join(site, 'dist/assets'))}, from its lockfile.
The webpack site is built: ${countPinned(shop)} pictures, ${weigh(path.join(shop, 'dist'))}, from its lockfile.
The blog is built: ${countPinned(blog)} pictures, ${weigh(path.join(blog, 'dist/_astro'))} in AVIF, WebP and JPEG.
The documentation is built: ${countPinned(docs)} pictures, a gallery and a search, from its lockfile.
No key, no call, no cent; what was generated says so in its metadata.

  Look at them   npx -y pnpm@12 --filter example-vite preview --open
                 npx -y pnpm@12 --filter example-astro preview --open
                 npx -y pnpm@12 --filter gemini-image-site preview --open
                 and open ${here(path.join(shop, 'dist/index.html'))} in a browser
  They lie in    ${here(path.join(site, 'dist'))}
                 ${here(path.join(shop, 'dist'))}
                 ${here(path.join(blog, 'dist'))}
                 ${here(path.join(docs, 'dist'))}
  Their prompts  examples/vite/src/pictures/*.prompt.md
                 examples/webpack/src/pictures/*.prompt.md, and one in src/Jar.tsx
                 examples/astro/src/posts, beside the words
  What is pinned gemini-image.lock in each
  One more       npx -y pnpm@12 --filter example-next build, then start: Next.js takes a while

Edit a prompt and start "npx -y pnpm@12 --filter example-astro dev": without a key you see a
placeholder of the exact size; with GEMINI_API_KEY set, the new picture arrives in the page.
`)
