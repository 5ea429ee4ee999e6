import type { SharedStore } from '@gemini-image/core'
import { openObjectStore, openTeamStore, type Lease } from '@gemini-image/core/internal'
import { createSite } from '../support/site.ts'

/** What a run gets that asks a store for a lease, and what it is warned of. */
export async function askForLease(
  store: SharedStore,
): Promise<{ lease: Lease | 'held' | 'none'; warnings: string[] }> {
  const site = await createSite({})
  const warnings: string[] = []
  const logger = { info: () => undefined, warn: (line: string) => void warnings.push(line) }
  const cacheDir = site.path('cache')
  const local = openObjectStore(site.path('.gemini-image'), site.path('cache/objects.json'))
  const team = openTeamStore({ store, readonly: false, logger, cacheDir }, local)
  const lease = await team.lease('e'.repeat(64))
  if (typeof lease === 'object') await lease.release({ succeeded: true })
  return { lease, warnings }
}
