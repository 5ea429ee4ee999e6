import type { Compiler } from 'webpack'

/**
 * Whether Rspack builds once and from nothing. What it keeps of a module, it does not ask for again, and a picture's
 * own module tells by what it depends on that the picture is another.
 */
export function buildsOnce(compiler: Compiler): boolean {
  const { cache, experiments } = compiler.options as unknown as KeptBuilds
  const isKept = [cache, experiments?.cache].some(
    (kept) => typeof kept === 'object' && kept.type === 'persistent',
  )
  return 'rspack' in compiler && !compiler.watchMode && !isKept
}

/** What Rspack keeps between builds: `cache` since its version 2, `experiments.cache` before. */
interface KeptBuilds {
  readonly cache?: Kept
  readonly experiments?: { readonly cache?: Kept }
}

type Kept = boolean | { readonly type: string }
