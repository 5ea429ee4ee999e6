import { expect } from 'vitest'
import type { Site } from '../support/site.ts'

/** A line of the ledger, as it is written. */
export interface Line {
  readonly date: string
  readonly dollars: number
  readonly amount: string
  readonly outcome: string
  readonly kind: string
  readonly declaration: string
  readonly fingerprint: string
  readonly provider: string
  readonly model: string
  readonly batch?: string
  readonly call: string
}

/** The lines of a project's ledger, all of which must read; none where there is no ledger. */
export async function ledgerOf(site: Pick<Site, 'read'>): Promise<readonly Line[]> {
  const text = await site.read('gemini-image.ledger').catch(() => '')
  expect(text).toMatch(/^(?:\{[^\n]*\}\n)*$/)
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]))
}

/** `outcome kind declaration`, sorted. */
export function told(lines: readonly Line[]): string[] {
  return lines
    .map(({ outcome, kind, declaration }) => `${outcome} ${kind} ${declaration}`)
    .toSorted()
}

/** A line that somebody has paid. */
export function lineAs(line: Partial<Line>): string {
  const whole: Line = {
    date: '2026-11-02T10:00:00Z',
    dollars: 0.5,
    amount: 'known',
    outcome: 'answered',
    kind: 'picture',
    declaration: 'src/hero.prompt.md',
    fingerprint: 'f'.repeat(64),
    provider: 'google',
    model: 'gemini-nano-banana-2.1',
    call: Math.random().toString(16).slice(2),
    ...line,
  }
  return `${JSON.stringify(whole)}\n`
}
