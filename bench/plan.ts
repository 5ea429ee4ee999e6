import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { openProject, plan, type Plan } from '@gemini-image/core'
import {
  formatLockfile,
  resolveOptions,
  saveChecks,
  type LockEntry,
} from '@gemini-image/core/internal'
import glob from 'fast-glob'
import sharp from 'sharp'
import { exponentOf, figureOf, type Figure, type Pair } from './figure.ts'
import { median } from './median.ts'

const TARGET = 3

/**
 * Plans projects of so many declarations, beside what finding and reading their files alone takes:
 * the same patterns through fast-glob, and each file read once.
 */
export async function benchPlan(counts: readonly number[], rounds: number): Promise<Figure[]> {
  const figures: Figure[] = []
  const growth: Record<'missing' | 'pinned', [number, number][]> = { missing: [], pinned: [] }
  for (const count of counts) {
    const times = await planProject(count, rounds)
    for (const kind of ['missing', 'pinned'] as const) {
      const what = kind === 'missing' ? 'nothing pinned' : 'everything pinned'
      figures.push(figureOf(`plan of ${count}, ${what} ÷ reading the files`, times[kind], TARGET))
      growth[kind].push([count, median(times[kind].map(({ ours }) => ours))])
    }
  }
  if (counts.length > 1) {
    const range = `plan of ${counts[0]} to ${counts.at(-1)}`
    figures.push(
      {
        name: `${range}, nothing pinned: exponent`,
        ratio: exponentOf(growth.missing),
        target: 1.05,
      },
      {
        name: `${range}, everything pinned: exponent`,
        ratio: exponentOf(growth.pinned),
        target: 1.05,
      },
    )
  }
  return figures
}

async function planProject(
  count: number,
  rounds: number,
): Promise<Readonly<Record<'missing' | 'pinned', Pair[]>>> {
  const root = await mkdtemp(path.join(tmpdir(), 'gemini-image-bench-'))
  const times: Record<'missing' | 'pinned', Pair[]> = { missing: [], pinned: [] }
  try {
    await writeProject(root, count)
    const plan = await planOnce(root)
    await rememberImages(root)
    if (plan.rows.length !== count) throw new Error(`${plan.rows.length} of ${count} were planned`)
    for (let round = 0; round < rounds; round += 1) {
      const plain = await time(() => readAll(root))
      times.missing.push({ plain, ours: await time(() => planOnce(root)) })
    }
    await pinAll(root, plan)
    for (let round = 0; round < rounds; round += 1) {
      const plain = await time(() => readAllPinned(root))
      times.pinned.push({ plain, ours: await time(() => planOnce(root)) })
    }
    return times
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

function planOnce(root: string): Promise<Plan> {
  return plan(openProject(resolveOptions({}, { hostRoot: root, env: {} })))
}

/** A build looks at reference images once, and remembers them while nothing touches them. */
async function rememberImages(root: string): Promise<void> {
  await sleep(2100)
  const project = openProject(resolveOptions({}, { hostRoot: root, env: {} }))
  await plan(project)
  await saveChecks(project)
}

/** What no tool can do without: the list of files, and what stands in them. */
async function readAll(root: string): Promise<readonly string[]> {
  const files = await glob(['**/*.prompt.md', '**/*.{js,ts,tsx,vue,svelte,astro,css,html}'], {
    cwd: root,
    absolute: true,
    ignore: ['**/node_modules/**', '**/dist/**'],
  })
  return files.map((file) => readFileSync(file, 'utf8'))
}

/** With everything pinned, nobody can do without what is pinned and what is stored either. */
async function readAllPinned(root: string): Promise<number> {
  const files = await readAll(root)
  const lines = readFileSync(path.join(root, 'gemini-image.lock'), 'utf8').split('\n')
  const entries = lines.filter((line) => line.startsWith('  '))
  const parsed: unknown[] = entries.map((line) => JSON.parse(line.slice(line.indexOf('{'))))
  return files.length + parsed.length + readdirSync(path.join(root, '.gemini-image')).length
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** Pages of a hundred pictures each; one picture in ten refers to an image or has a turn. */
async function writeProject(root: string, count: number): Promise<void> {
  await writeFile(path.join(root, 'package.json'), '{}')
  const canvas = sharp({ create: { width: 64, height: 64, channels: 3, background: '#4a6' } })
  const image = await canvas.png().toBuffer()
  for (let page = 0; page * 100 < count; page += 1) {
    const dir = path.join(root, `src/page-${page}`)
    await mkdir(dir, { recursive: true })
    await writeFile(path.join(dir, 'mood.png'), image)
    const names = Array.from({ length: Math.min(100, count - page * 100) }, (_, i) => `p${i}`)
    const imports = names.map((name) => `import ${name} from './${name}.prompt.md?gemini-image'\n`)
    await writeFile(path.join(dir, 'page.js'), `${imports.join('')}\nexport default [${names}]\n`)
    for (const [i, name] of names.entries()) {
      await writeFile(path.join(dir, `${name}.prompt.md`), promptFile(page, i))
    }
  }
}

function promptFile(page: number, number: number): string {
  const extra =
    number % 10 === 0
      ? 'references:\n  - ./mood.png\n'
      : number % 10 === 1
        ? 'turns: [Now at night]\n'
        : ''
  return `---\naspectRatio: 16:9\nsize: 2K\nalt: Picture ${number} of page ${page}\n${extra}---\n\nThe harbour of a small town in the morning, seen from the mole. Boats, nets and gulls in a soft haze;\na watercolour with much white paper. Page ${page}, picture ${number}.\n`
}

async function pinAll(root: string, { rows }: Plan): Promise<void> {
  const store = path.join(root, '.gemini-image')
  await mkdir(store)
  const entries = new Map<string, LockEntry>()
  for (const { declared, missing } of rows) {
    for (const { fingerprint, request } of missing) {
      const file = `${declared.name}.${fingerprint.slice(0, 12)}.jpg`
      await writeFile(path.join(store, file), '')
      entries.set(fingerprint, {
        file,
        object: fingerprint,
        type: 'image/jpeg',
        width: 2752,
        height: 1536,
        model: declared.model.id,
        cost: 0.0504,
        tokens: { input: 40, image: 1680, text: 240 },
        created: '2026-11-21T00:00:00Z',
        from: declared.place.path,
        request,
      })
    }
  }
  await writeFile(path.join(root, 'gemini-image.lock'), formatLockfile(entries))
}
