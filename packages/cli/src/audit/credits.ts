import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Grounding } from '@gemini-image/core/internal'
import { linksOf } from './page.ts'

/** What the provider wants to be shown beside a picture of looked-up data. */
export type Credit = 'search suggestions' | 'sources'

/** A credit with the addresses that it leads to: whoever shows it shows all of them. */
interface Wanted {
  readonly credit: Credit
  readonly addresses: readonly string[]
}

function wantedOf({ searchSuggestions = '', sources }: Grounding): readonly Wanted[] {
  const wanted: readonly Wanted[] = [
    { credit: 'search suggestions', addresses: linksOf(searchSuggestions) },
    { credit: 'sources', addresses: sources.flatMap(({ url }) => normal(url) ?? []) },
  ]
  return wanted.filter(({ addresses }) => addresses.length > 0)
}

/**
 * The credits of a picture that a page does not show: links to the same addresses, in the page or in a frame of it.
 * @param isInScript Whether a script of the site holds an address: it may well show it.
 */
export async function missingCredits(
  grounding: Grounding,
  links: readonly string[],
  isInScript: (address: string) => Promise<boolean>,
): Promise<readonly Credit[]> {
  const shown = new Set(links.flatMap((link) => normal(link) ?? []))
  const missing: Credit[] = []
  for (const { credit, addresses } of wantedOf(grounding)) {
    const unseen = addresses.filter((address) => !shown.has(normal(address) ?? address))
    const inScript = await Promise.all(unseen.map(isInScript))
    if (inScript.includes(false)) missing.push(credit)
  }
  return missing
}

/** An address of the web, in one spelling. */
function normal(address: string): string | undefined {
  const url = URL.parse(address)
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined
}

/** Tells what stands in the scripts of a site. They are read when something is looked for. */
export function scriptsOf(
  dir: string,
  files: readonly string[],
): (address: string) => Promise<boolean> {
  let texts: Promise<readonly string[]> | undefined
  return async (address) => {
    texts ??= Promise.all(files.map((file) => readFile(path.join(dir, file), 'utf8')))
    const spellings = [address, address.replaceAll('&', '&amp;')]
    return (await texts).some((text) => spellings.some((one) => text.includes(one)))
  }
}
