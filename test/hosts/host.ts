import type { Options } from 'unplugin-gemini-image/vite'
import type { Site } from '../support/site.ts'

/** What a host was told to do. */
export interface Run {
  readonly env?: Readonly<Record<string, string>>
  /** `false` leaves the plugin out. */
  readonly options?: Options | false
}

/** How a build ended. What it wrote lies in `dist`. */
export interface Built {
  /** Messages as the host shows them; a build with errors has failed. */
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

/** A build that watches. */
export interface Watching {
  /** Resolves when another build has ended than those that `next` has told of; fails after 20 seconds. */
  next(): Promise<Built>
  /** How many builds have ended. */
  count(): number
  /** Whether another has begun. */
  isUnderWay(): boolean
}

/** What some hosts can do and others cannot, since they have nothing of the kind. */
export type Ability = 'import' | 'new-url' | 'css' | 'html' | 'source-maps' | 'watch'

/** A bundler of one major, as the matrix drives it. */
export interface Host {
  /** As people call it: `webpack 5`. */
  readonly name: string
  /** What there is to test. Of the rest, the reason stands in docs. */
  readonly abilities: ReadonlySet<Ability>
  /** Whether this machine has no such bundler. */
  readonly isAbsent?: boolean
  /**
   * Builds a site from `src/main.js`, or from `index.html` where there is one, to `dist/main.js`, an ES module or a
   * script, with source maps and public path `/`. Settings are otherwise the host's own.
   */
  build(site: Site, run: Run): Promise<Built>
  /** The same, again whenever a file changes; closed when the test ends. Nobody looks at stand-ins. */
  watch(site: Site, run: Run): Promise<Watching>
}
