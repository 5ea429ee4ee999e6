import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { startServer } from './fake-server.ts'
import { median } from './median.ts'
import type { RenditionsBuild } from './renditions-build.ts'

/** What the files of one picture are to be; both tools are told the same. */
export interface Wanted {
  /** `1K` or `4K`: that of the pictures themselves. */
  readonly size: string
  /** In pixels. */
  readonly widths: readonly number[]
  readonly formats: readonly string[]
}

/** Medians of the rounds. */
export interface Cost {
  /** Milliseconds: the build, with the plugin's being loaded. */
  readonly build: number
  /** The most memory of the process, in MiB. */
  readonly memory: number
}

/** What one tool costs. */
export interface ToolReport {
  /** Nothing encoded yet. */
  readonly cold: Cost
  /** Everything encoded before. */
  readonly warm: Cost
}

type Tool = RenditionsBuild['tool']

const PROGRAM = path.join(import.meta.dirname, 'renditions-build.ts')
const CACHES: Readonly<Record<Tool, string>> = {
  ours: 'node_modules/.cache/gemini-image/renditions',
  imagetools: 'node_modules/.cache/imagetools',
}
const QUALITY = 60
const run = promisify(execFile)

/** Builds a site of `count` pictures in turn with vite-imagetools and with ours, of the very same files. */
export async function benchRenditions(
  count: number,
  wanted: Wanted,
  rounds: number,
): Promise<Readonly<Record<Tool, ToolReport>>> {
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
    await writeSite(root, count, wanted)
    // Draws the pictures, which is no part of what is measured.
    await build('ours')
    await writeImagetools(root, wanted)
    const costs = { cold: { ours: [], imagetools: [] }, warm: { ours: [], imagetools: [] } } as {
      readonly [Kind in 'cold' | 'warm']: { readonly [Name in Tool]: Cost[] }
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const tool of ['imagetools', 'ours'] as const) {
        await forget(tool)
        costs.cold[tool].push(await build(tool))
        costs.warm[tool].push(await build(tool))
      }
    }
    const report = (tool: Tool): ToolReport => ({
      cold: medianOf(costs.cold[tool]),
      warm: medianOf(costs.warm[tool]),
    })
    return { ours: report('ours'), imagetools: report('imagetools') }
  } finally {
    server.stop()
    await rm(root, { recursive: true, force: true })
  }
}

async function measure(build: RenditionsBuild, env: NodeJS.ProcessEnv): Promise<Cost> {
  const { stdout } = await run(process.execPath, [PROGRAM, JSON.stringify(build)], { env })
  const [milliseconds = Number.NaN, memory = Number.NaN] = JSON.parse(stdout) as number[]
  return { build: milliseconds, memory }
}

function medianOf(costs: readonly Cost[]): Cost {
  return {
    build: median(costs.map(({ build }) => build)),
    memory: median(costs.map(({ memory }) => memory)),
  }
}

async function writeSite(
  root: string,
  count: number,
  { size, widths, formats }: Wanted,
): Promise<void> {
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

async function writeImagetools(root: string, { widths, formats }: Wanted): Promise<void> {
  const query = `w=${widths.join(';')}&format=${formats.join(';')}&quality=${QUALITY}&as=picture`
  const files = (await readdir(path.join(root, '.gemini-image'))).toSorted()
  const specifiers = files.map((file) => `../.gemini-image/${file}?${query}`)
  await writeFile(path.join(root, 'src/imagetools.js'), importing(specifiers))
}

function importing(specifiers: readonly string[]): string {
  const imports = specifiers.map((specifier, i) => `import p${i} from '${specifier}'`)
  return `${imports.join('\n')}\nconsole.log([${specifiers.map((_, i) => `p${i}`).join(', ')}])\n`
}
