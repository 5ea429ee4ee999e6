import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import type { Site } from '../support/site.ts'
import type { Built, Host, Run } from './host.ts'

/** A site's build script, for Bun. */
export const BUN_BUILD: string = path.join(import.meta.dirname, 'bun-build.js')
const ARCHITECTURE = process.arch === 'arm64' ? 'aarch64' : process.arch
/** Bun itself. */
export const BUN_EXECUTABLE: string = path.join(
  import.meta.dirname,
  `../node_modules/@oven/bun-linux-${ARCHITECTURE}/bin/bun`,
)

/** Bun's bundler as a host of the matrix. It runs in a process of its own, which is Bun's. */
export const BUN: Host = {
  name: 'Bun 1',
  abilities: new Set(['import']),
  // It is installed on Linux alone.
  isAbsent: !existsSync(BUN_EXECUTABLE) && !process.env['SERVERS_REQUIRED'],
  build: buildOnce,
  watch: () => Promise.reject(new Error('Bun.build does not watch.')),
}

interface Message {
  readonly level: string
  readonly message: string
}

async function buildOnce(site: Site, { env = {}, options = {} }: Run): Promise<Built> {
  const { CI: _, ...own } = process.env
  const { stdout, stderr } = await promisify(execFile)(
    BUN_EXECUTABLE,
    [BUN_BUILD, JSON.stringify({ options })],
    {
      cwd: site.root,
      env: { ...own, ...env },
    },
  )
  const messages = JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]') as readonly Message[]
  const of = (level: string): string[] =>
    messages.filter((one) => one.level === level).map(({ message }) => message)
  const said = stderr.split('\n').filter((line) => line.startsWith('warn: '))
  return { errors: of('error'), warnings: [...of('warning'), ...said] }
}
