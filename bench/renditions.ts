import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { startServer } from './fake-server.ts'
import { figureOf, type Figure, type Pair } from './figure.ts'
import { median } from './median.ts'
import type { RenditionsBuild } from './renditions-build.ts'

/** What the files of one picture are to be; both tools are told the same. */
interface Wanted {
  /** How many pictures. */
  readonly count: number
  /** `1K` or `4K`: that of the pictures themselves. */
  readonly size: string
  /** In pixels. */
  readonly widths: readonly number[]
  readonly formats: readonly string[]
  /** That of vite-imagetools; ours is fixed. @default its own */
  readonly effort?: number
}

/** The effort of our AVIF encoder. */
const OUR_EFFORT = 3

/** A page's worth of pictures in all that browsers like, AVIF at the same effort, and many large ones in one small size. */
const WANTED: readonly Wanted[] = [
  { count: 24, size: '1K', widths: [400, 800, 1200], formats: ['avif', 'webp', 'jpeg'] },
  { count: 24, size: '1K', widths: [400, 800, 1200], formats: ['avif'], effort: OUR_EFFORT },
  { count: 60, size: '1K', widths: [400, 800, 1200], formats: ['webp', 'jpeg'] },
  { count: 200, size: '4K', widths: [800], formats: ['webp'] },
]

/** Of a process. */
interface Cost {
  /** Milliseconds: the build, with the plugin's being loaded. */
  readonly build: number
  /** The most memory of the process, in MiB. */
  readonly memory: number
  /** Bytes of all that was written. */
  readonly bytes: number
}

/** MiB; whatever the number of pictures. */
const MEMORY_CEILING = 1024
/** Bytes that a file may have more, for its label. */
const LABEL = 1200

type Tool = RenditionsBuild['tool']

const PROGRAM = path.join(import.meta.dirname, 'renditions-build.ts')
const CACHES: Readonly<Record<Tool, string>> = {
  ours: 'node_modules/.cache/gemini-image/renditions',
  imagetools: 'node_modules/.cache/imagetools',
}
const QUALITY = 60
const run = promisify(execFile)

/** Builds sites of pictures in turn with vite-imagetools and with ours, of the very same files. */
export async function benchRenditions(rounds: number, count?: number): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const wanted of WANTED) {
    figures.push(...(await compare({ ...wanted, count: count ?? wanted.count }, rounds)))
  }
  return figures
}

async function compare(wanted: Wanted, rounds: number): Promise<Figure[]> {
  const sites = path.resolve(import.meta.dirname, '../test/.sites')
  await mkdir(sites, { recursive: true })
  const root = await mkdtemp(path.join(sites, 'bench-'))
  const server = await startServer(0)
  const env = { ...process.env, GEMINI_API_KEY: 'bench', GOOGLE_GEMINI_BASE_URL: server.url }
  delete (env as NodeJS.ProcessEnv)['CI']
  const build = (tool: Tool): Promise<Cost> => measure({ root, tool }, env)
  const forget = (tool: Tool): Promise<void> =>
    rm(path.join(root, CACHES[tool]), { recursive: true, force: true })
  try {
    await writeSite(root, wanted)
    // Draws the pictures, which is no part of what is measured.
    await build('ours')
    await writeImagetools(root, wanted)
    const costs: Record<'cold' | 'warm', { plain: Cost; ours: Cost }[]> = { cold: [], warm: [] }
    for (let round = 0; round < rounds; round += 1) {
      for (const tool of ['imagetools', 'ours'] as const) await forget(tool)
      costs.cold.push({ plain: await build('imagetools'), ours: await build('ours') })
      costs.warm.push({ plain: await build('imagetools'), ours: await build('ours') })
    }
    return figuresOf(wanted, costs)
  } finally {
    server.stop()
    await rm(root, { recursive: true, force: true })
  }
}

function figuresOf(
  { count, size, widths, formats, effort }: Wanted,
  costs: Readonly<Record<'cold' | 'warm', readonly { plain: Cost; ours: Cost }[]>>,
): Figure[] {
  const same = effort === undefined ? '' : ' at the same effort'
  const name = (what: string): string => `${count} of ${size} as ${formats}${same}: ${what}`
  const of = (kind: 'cold' | 'warm', what: keyof Cost): Pair[] =>
    costs[kind].map(({ plain, ours }) => ({ plain: plain[what], ours: ours[what] }))
  const plainBytes = median(costs.cold.map(({ plain }) => plain.bytes))
  const labels = count * widths.length * formats.length * LABEL
  const memory = of('cold', 'memory').map(({ ours }) => ({ plain: MEMORY_CEILING, ours }))
  return [
    figureOf(name('÷ vite-imagetools'), of('cold', 'build'), effort === undefined ? 1 : 0.9),
    figureOf(name('again'), of('warm', 'build'), 1),
    figureOf(name('bytes'), of('cold', 'bytes'), 1 + labels / plainBytes, 'bytes'),
    figureOf(name('memory ÷ its ceiling'), memory, 1, 'MiB'),
  ]
}

async function measure(build: RenditionsBuild, env: NodeJS.ProcessEnv): Promise<Cost> {
  const { stdout } = await run(process.execPath, [PROGRAM, JSON.stringify(build)], { env })
  const [milliseconds = Number.NaN, memory = Number.NaN] = JSON.parse(stdout) as number[]
  const dist = path.join(build.root, `dist-${build.tool}/assets`)
  let bytes = 0
  for (const name of await readdir(dist)) {
    if (!name.endsWith('.js')) bytes += (await stat(path.join(dist, name))).size
  }
  return { build: milliseconds, memory, bytes }
}

async function writeSite(root: string, { count, size, widths, formats }: Wanted): Promise<void> {
  await mkdir(path.join(root, 'src'), { recursive: true })
  await writeFile(path.join(root, 'package.json'), '{ "type": "module" }\n')
  const query = `gemini-image&widths=${widths.join(';')}&formats=${formats.join(';')}&quality=${QUALITY}&as=picture`
  const specifiers = Array.from({ length: count }, (_, index) => `./p${index}.prompt.md?${query}`)
  for (let index = 0; index < count; index += 1) {
    const text = `---\naspectRatio: 16:9\nsize: ${size}\nalt: ''\n---\nA benchmark picture, number ${index}\n`
    await writeFile(path.join(root, `src/p${index}.prompt.md`), text)
  }
  await writeFile(path.join(root, 'src/ours.js'), importing(specifiers))
}

async function writeImagetools(root: string, { widths, formats, effort }: Wanted): Promise<void> {
  const query = `w=${widths.join(';')}&format=${formats.join(';')}&quality=${QUALITY}${effort === undefined ? '' : `&effort=${effort}`}&as=picture`
  const files = (await readdir(path.join(root, '.gemini-image'))).toSorted()
  const specifiers = files.map((file) => `../.gemini-image/${file}?${query}`)
  await writeFile(path.join(root, 'src/imagetools.js'), importing(specifiers))
}

function importing(specifiers: readonly string[]): string {
  const imports = specifiers.map((specifier, i) => `import p${i} from '${specifier}'`)
  return `${imports.join('\n')}\nconsole.log([${specifiers.map((_, i) => `p${i}`).join(', ')}])\n`
}
