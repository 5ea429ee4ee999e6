import type { LockEntry } from '../../src/pin/lock-entry.ts'

/** 64 hex digits that count up with `seed`. */
export function print(seed: number): string {
  return seed.toString(16).padStart(64, '0')
}

/** An entry as a lockfile holds it. */
export function entry(seed: number, change: Partial<LockEntry> = {}): LockEntry {
  return {
    file: `p${seed}.${print(seed).slice(-12)}.jpg`,
    object: print(seed),
    type: 'image/jpeg',
    width: 1024,
    height: 1024,
    model: 'm',
    cost: 0.0336,
    tokens: { input: 1, image: 1120, text: 0 },
    created: '2026-11-21T00:00:00Z',
    ...change,
  }
}
