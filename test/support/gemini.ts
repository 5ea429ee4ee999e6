import { onTestFinished, vi } from 'vitest'
import { startFakeGemini, type FakeGemini, type FakeGeminiOptions } from '../fake-gemini/server.ts'

/** A fake Gemini server that is closed when the test ends. */
export async function startGemini(options?: FakeGeminiOptions): Promise<FakeGemini> {
  const gemini = await startFakeGemini(options)
  onTestFinished(() => gemini.close())
  return gemini
}

/** The prompts that were asked for, sorted. */
export function askedPrompts({ requests }: FakeGemini): string[] {
  return requests.map(({ prompt }) => prompt).toSorted()
}

/** Holds the answers to calls until as many are under way at a time, however slow the machine. */
export async function holdUntil(gemini: FakeGemini, count: number): Promise<void> {
  const release = gemini.hold()
  await vi.waitUntil(() => gemini.maxInFlight >= count, 20_000).finally(release)
}
