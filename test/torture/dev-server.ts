// A dev server in a process of its own: 300 edits and 2,000 requests at once. Prints what that has cost it, as JSON.
import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import geminiImage from 'unplugin-gemini-image/vite'
import { createServer } from 'vite'

const EDITS = 300
const REQUESTS = 2000
const root = process.argv[2] ?? ''
const server = await createServer({
  root,
  configFile: false,
  logLevel: 'silent',
  server: { host: '127.0.0.1', port: 0 },
  plugins: [geminiImage()],
})
await server.listen()
const [url = ''] = server.resolvedUrls?.local ?? []
const errors: string[] = []

async function ask(name: string): Promise<string> {
  const response = await fetch(new URL(name, url))
  const text = await response.text()
  if (!response.ok) errors.push(`${name}: ${response.status} ${text.slice(0, 200)}`)
  return text
}

/** The modules that the page asks for, and the pictures that they name. */
async function addresses(): Promise<string[]> {
  const page = await ask('/src/main.js')
  const modules = [...page.matchAll(/from "([^"]+)"/g)].map(([, name = '']) => name)
  const texts = await Promise.all(modules.filter((name) => name.includes('prompt.md')).map(ask))
  const pictures = texts.flatMap(
    (text) => /"(\/[^"]+\.(?:jpg|png|webp)[^"]*)"/.exec(text)?.[1] ?? [],
  )
  return [...modules, ...pictures]
}

async function edit(number: number): Promise<void> {
  const file = path.join(root, `src/p${number % 12}.prompt.md`)
  const text = await readFile(file, 'utf8')
  const { promise, resolve } = Promise.withResolvers<true>()
  const seen = (changed: string): void => void (changed === file && resolve(true))
  server.watcher.on('change', seen)
  // A watcher that is still looking around passes over an edit.
  for (let time = 0; ; time += 1) {
    await writeFile(file, text.replace(/\n(p\d+)[^\n]*\n$/, `\n$1, edit ${number}.${time}\n`))
    if (await Promise.race([promise, sleep(1000)])) break
  }
  server.watcher.off('change', seen)
  await ask('/src/main.js')
}

function state(): { memory: number; descriptors: number } {
  globalThis.gc?.()
  globalThis.gc?.()
  const descriptors = process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0
  return { memory: process.memoryUsage().heapUsed / 2 ** 20, descriptors }
}

// What is loaded once is no growth.
for (let number = 0; number < 24; number += 1) await edit(number)
const all = await addresses()
await Promise.all(all.map(ask))
const before = state()
for (let number = 0; number < EDITS; number += 1) await edit(number)
const asked = await addresses()
await Promise.all(
  Array.from({ length: REQUESTS }, (_, index) => ask(asked[index % asked.length] ?? '/')),
)
// Connections stay open for some seconds after the last request, with both ends in this process.
let after = state()
for (let wait = 0; after.descriptors > before.descriptors && wait < 30; wait += 1) {
  await sleep(500)
  after = state()
}
await server.close()
const memory = after.memory - before.memory
const descriptors = Math.max(0, after.descriptors - before.descriptors)
process.stdout.write(`${JSON.stringify({ errors: errors.slice(0, 5), memory, descriptors })}\n`)
process.exit(0)
