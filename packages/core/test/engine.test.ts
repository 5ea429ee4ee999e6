import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { withProjectLock } from '../src/lock/project-lock.ts'
import type { Options } from '../src/options/options.ts'
import { resolveOptions } from '../src/options/resolve-options.ts'
import type { Provider } from '../src/providers/provider.ts'
import { createEngine, type Engine } from '../src/resolve/engine.ts'

interface CountingProvider extends Provider {
  readonly asked: string[]
}

/** Draws in this process, and remembers what it was asked for. */
function countingProvider(fail?: (prompt: string) => void): CountingProvider {
  const asked: string[] = []
  return {
    name: 'counting',
    asked,
    generate: async ({ request, pixels }) => {
      asked.push(request.prompt)
      fail?.(request.prompt)
      const background = `#${request.prompt.length.toString(16).padStart(6, '0')}`
      const bytes = await sharp({ create: { ...pixels, channels: 3, background } })
        .png()
        .toBuffer()
      return { bytes, model: 'drawn', tokens: { input: 1, image: 1, text: 1 } }
    },
  }
}

async function project(prompts: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'engine-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  await writeFile(path.join(root, 'package.json'), '{}')
  for (const [name, prompt] of Object.entries(prompts)) {
    await writeFile(path.join(root, `${name}.prompt.md`), prompt)
  }
  const imports = Object.keys(prompts).map((name) => `import './${name}.prompt.md?gemini-image'`)
  await writeFile(path.join(root, 'main.js'), imports.join('\n'))
  return root
}

function engineOf(root: string, options: Options): Engine {
  return createEngine(resolveOptions(options, { hostRoot: root, env: {} }))
}

test('two engines of one project that settle at once pay once', async () => {
  const provider = countingProvider()
  const root = await project({ a: 'A', b: 'Bee', c: 'Three' })
  const engines = [engineOf(root, { provider }), engineOf(root, { provider })]
  const summaries = await Promise.all(engines.map((engine) => engine.settle()))
  expect(provider.asked.toSorted()).toEqual(['A', 'Bee', 'Three'])
  expect(summaries.map(({ files }) => files.length)).toEqual([3, 3])
})

test('a provider that throws something of its own is an error with a code and a place', async () => {
  const provider = countingProvider((prompt) => {
    if (prompt === 'B') throw new TypeError('no such brush')
  })
  const root = await project({ a: 'A', b: 'B' })
  await expect(engineOf(root, { provider }).settle()).rejects.toThrow(
    /PROVIDER_FAILED at b\.prompt\.md:1:1[\s\S]*no such brush/,
  )
  const names = await readdir(path.join(root, '.gemini-image'))
  expect(names).toHaveLength(1)
})

test('bytes that are no picture are refused, and their cost is booked', async () => {
  const provider: Provider = {
    name: 'text',
    generate: async () => ({
      bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      model: 'm',
      tokens: { input: 0, image: 30_000, text: 0 },
    }),
  }
  const root = await project({ a: 'A' })
  const engine = engineOf(root, { provider, budget: 0.92 })
  await expect(engine.settle()).rejects.toThrow('BAD_ANSWER')
  // 30,000 tokens were 90 cents: there is no money for a second try.
  await expect(engine.settle()).rejects.toThrow('BUDGET_EXCEEDED')
})

test('a store that cannot be written to is an error that names the file, told once', async () => {
  const provider = countingProvider()
  const root = await project({ a: 'A', b: 'Bee', c: 'Three' })
  await writeFile(path.join(root, '.gemini-image'), 'a file where the folder should be')
  const settled = engineOf(root, { provider, concurrency: 1 }).settle()
  await expect(settled).rejects.toMatchObject({
    code: expect.stringMatching(/WRITE_FAILED|ENOTDIR/),
  })
})

test('who waits too long for another process is told what to do', async () => {
  const cacheDir = await mkdtemp(path.join(tmpdir(), 'lock-'))
  onTestFinished(() => rm(cacheDir, { recursive: true, force: true }))
  let waits = 0
  const onWait = (): void => void (waits += 1)
  await withProjectLock({ cacheDir, patience: 1000, onWait }, async () => {
    const second = withProjectLock({ cacheDir, patience: 400, onWait }, async () => 'never')
    await expect(second).rejects.toThrow('LOCK_TIMEOUT')
  })
  expect(waits).toBe(1)
  // And it is free again, also after work that threw.
  const failing = withProjectLock({ cacheDir, patience: 0, onWait }, async () => {
    throw new Error('work')
  })
  await expect(failing).rejects.toThrow('work')
  expect(await withProjectLock({ cacheDir, patience: 0, onWait }, async () => 'done')).toBe('done')
})

test('an object changed in place is found out, though it was checked before', async () => {
  const provider = countingProvider()
  const root = await project({ a: 'A' })
  await engineOf(root, { provider }).settle()
  const [name = ''] = await readdir(path.join(root, '.gemini-image'))
  // Long enough ago for this machine to remember that it was sound.
  await new Promise((resolve) => setTimeout(resolve, 2100))
  const check = async (): Promise<void> => {
    const engine = engineOf(root, { provider })
    await engine.settle()
    await engine.image(path.join(root, 'a.prompt.md'))
    await engine.verify()
  }
  await check()
  await check()
  expect(await readdir(path.join(root, 'node_modules/.cache/gemini-image'))).toContain(
    'verified.json',
  )
  const file = path.join(root, '.gemini-image', name)
  const [bytes, { atime, mtime }] = await Promise.all([readFile(file), stat(file)])
  bytes[40] = (bytes[40] ?? 0) ^ 1
  await writeFile(file, bytes)
  // The same size and the same modification time: only the change itself gives it away.
  await utimes(file, atime, mtime)
  await expect(check()).rejects.toThrow('CORRUPT_OBJECT')
})
