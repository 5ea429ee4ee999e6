import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'

// Builds the example as CI would: from its lockfile, with no key and no network.
const root = path.resolve(import.meta.dirname, '..')
const example = path.join(root, 'examples/vite')
const env: NodeJS.ProcessEnv = { ...process.env, GEMINI_IMAGE_MODE: 'frozen' }
delete env['GEMINI_API_KEY']
delete env['GOOGLE_API_KEY']

const vite = path.join(example, 'node_modules/vite/bin/vite.js')
const { status } = spawnSync(process.execPath, [vite, 'build'], {
  cwd: example,
  env,
  stdio: 'inherit',
})
if (status !== 0) process.exit(status ?? 1)

const assets = path.join(example, 'dist/assets')
const pictures = readdirSync(assets).filter((name) => /\.(?:jpg|png|webp)$/.test(name))
const kilobytes =
  pictures.reduce((sum, name) => sum + statSync(path.join(assets, name)).size, 0) / 1000

console.log(`
The example is built: ${pictures.length} pictures, ${Math.round(kilobytes)} kB, from its lockfile. No key, no call, no cent.

  Look at it     npx -y pnpm@12 --filter example-vite preview --open
  It lies in     ${path.relative(process.cwd(), path.join(example, 'dist')) || '.'}
  Its prompts    examples/vite/src/pictures/*.prompt.md
  What is pinned examples/vite/gemini-image.lock

Edit a prompt and start "npx -y pnpm@12 --filter example-vite dev": without a key you see a
placeholder of the exact size; with GEMINI_API_KEY set, the new picture arrives in the page.
`)
