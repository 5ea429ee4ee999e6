import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Repository } from '@gemini-image/core/internal'

/** What installs packages. */
export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'yarn-classic' | 'bun'

/** What is known of how a project installs its packages. */
export interface Installing {
  readonly manager: PackageManager
  /** Whether its lockfile is there, so that CI can install exactly what it says. */
  readonly isLocked: boolean
  /**
   * The `package.json` that names the package manager and its version, from the top of the
   * repository; `undefined` where none does.
   */
  readonly named: string | undefined
}

const LOCKFILES: readonly [string, PackageManager][] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
]

/** Finds out what installs the packages of the project in `root`, which may be part of a larger one. */
export function detectInstalling(root: string, repository: Repository | undefined): Installing {
  const top = repository?.top ?? root
  const dirs = upTo(root, top)
  const found = dirs
    .flatMap((dir) => LOCKFILES.map(([name, manager]) => ({ file: path.join(dir, name), manager })))
    .find(({ file }) => existsSync(file))
  const named = dirs.find((dir) => managerNamedIn(dir) !== undefined)
  const manager =
    knownManager(named === undefined ? '' : managerNamedIn(named)) ?? found?.manager ?? 'npm'
  return {
    manager: manager === 'yarn' && isClassic(found?.file, named) ? 'yarn-classic' : manager,
    isLocked: found !== undefined,
    named: named && path.relative(top, path.join(named, 'package.json')).replaceAll('\\', '/'),
  }
}

/** A folder and those above it, up to `top`. */
function upTo(dir: string, top: string): readonly string[] {
  const above = path.dirname(dir)
  return dir === top || above === dir ? [dir] : [dir, ...upTo(above, top)]
}

/** `pnpm@10.2.0`. @see https://nodejs.org/api/packages.html#packagemanager */
function managerNamedIn(dir: string): string | undefined {
  try {
    const { packageManager } = JSON.parse(readFileSync(path.join(dir, 'package.json'), 'utf8')) as {
      packageManager?: unknown
    }
    return typeof packageManager === 'string' ? packageManager : undefined
  } catch {
    return undefined
  }
}

function knownManager(named = ''): PackageManager | undefined {
  return (['npm', 'pnpm', 'yarn', 'bun'] as const).find((manager) =>
    named.startsWith(`${manager}@`),
  )
}

/** Yarn 1 knows other flags than its successors. */
function isClassic(lockfile: string | undefined, named: string | undefined): boolean {
  if (named !== undefined) return managerNamedIn(named)?.startsWith('yarn@1.') ?? false
  return lockfile !== undefined && readFileSync(lockfile, 'utf8').includes('yarn lockfile v1')
}
