import { spawn } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { onTestFinished } from 'vitest'
import type { Host } from './host.ts'

const BUILD = path.join(import.meta.dirname, '../frameworks/farm/build.js')
/** What the build script writes to both streams once a site is built. */
const BUILT = '\u0000built\n'

/** Farm with the plugin of its entry. */
export const FARM: Host = farmHost({})

/** How a host's builds differ from the plainest. */
export interface FarmParts {
  /** Whether the plugin is that of the unplugin, and not that of Farm's entry. */
  readonly isWhole?: boolean
  /** Whether each build is the first of its process. */
  readonly isFresh?: boolean
}

/**
 * Farm as a host of the matrix. It ends its process where a build fails, so it has one of its own. To load Farm takes
 * far longer than to build: the process builds site after site for as long as they pass.
 */
export function farmHost({ isWhole = false, isFresh = false }: FarmParts): Host {
  let builder: Builder | undefined
  return {
    name: 'Farm 1',
    abilities: new Set(['import', 'css', 'source-maps']),
    async build(site, { env = {}, options = {} }) {
      const used = (builder ??= startBuilder())
      onTestFinished(() => used.endUnderWay())
      const { hasEnded, output } = await used.build({
        root: site.root,
        env: { ...process.env, NO_COLOR: '1', CI: '', ...env },
        options,
        isWhole,
      })
      if (isFresh && !hasEnded) used.end()
      if (isFresh || hasEnded) builder = undefined
      const warnings = output.split('\n').filter((line) => line.startsWith('warn: '))
      return { errors: hasEnded ? [output] : [], warnings }
    },
    watch: () => Promise.reject(new Error('The plugin follows no files on Farm.')),
  }
}

/** A process of the build script. It ends with this one, which its input comes from. */
interface Builder {
  /** Builds a site; where that fails, the process ends. */
  build(job: object): Promise<{ readonly hasEnded: boolean; readonly output: string }>
  end(): void
  /** Ends it amid a build. */
  endUnderWay(): void
}

function startBuilder(): Builder {
  const child = spawn(process.execPath, [BUILD])
  const said = { stdout: '', stderr: '' }
  let told: ((hasEnded: boolean) => void) | undefined
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
      if (said.stdout.endsWith(BUILT) && said.stderr.endsWith(BUILT)) told?.(false)
    })
  }
  child.on('close', () => told?.(true))
  return {
    async build(job) {
      Object.assign(said, { stdout: '', stderr: '' })
      const { promise, resolve } = Promise.withResolvers<boolean>()
      told = resolve
      child.stdin.write(`${JSON.stringify(job)}\n`)
      const hasEnded = await promise
      told = undefined
      return { hasEnded, output: said.stdout + said.stderr }
    },
    end: () => void child.stdin.end(),
    endUnderWay: () => void (told && child.kill('SIGKILL')),
  }
}
