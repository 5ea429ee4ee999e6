import type { Major } from '../support/packages.ts'
import type { AstroSite } from '../support/site.ts'

/** What one site of each major shows of one feature. */
export interface Part {
  readonly files: Readonly<Record<string, string | Uint8Array>>
  /** What is paid for. */
  readonly prompts: readonly string[]
  /** Reads what was built. */
  check(site: AstroSite, major: Major): Promise<void>
}
