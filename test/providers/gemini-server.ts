import type { Fault, FakeGemini } from '../fake-gemini/server.ts'
import { sha256, type AskedPicture, type Mishap } from './contract.ts'

/** What reached a fake Gemini server, but for what asks for no picture. */
export function askedPictures({ requests }: FakeGemini): readonly AskedPicture[] {
  return requests
    .filter(({ route }) => route === 'generateContent' || route === 'interactions')
    .map(({ prompt, body }) => ({ prompt, images: imagesIn(body) }))
}

/** The images in a body, wherever they lie: base64 under `data`. */
function imagesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) =>
    name === 'data' && typeof one === 'string' ? sha256(Buffer.from(one, 'base64')) : imagesIn(one),
  )
}

/** The fault of a fake Gemini server that stands for a mishap. */
export function geminiFault(mishap: Mishap, secrets: readonly string[]): Fault {
  switch (mishap) {
    case 'refuses':
      return { kind: 'blocked' }
    case 'counts nothing':
      return { kind: 'odd', change: withoutCounts }
    case 'is overloaded':
      return { kind: 'unavailable' }
    case 'is asked too often':
      return { kind: 'rate-limited' }
    case 'breaks off':
      return { kind: 'reset' }
    case 'hangs':
      return { kind: 'hang' }
    case 'knows no such model':
      return { kind: 'not-found' }
    case 'echoes':
      return { kind: 'odd', change: (answer) => echo(answer, secrets.join(' ')) }
  }
}

function withoutCounts(answer: { usageMetadata?: unknown; usage?: unknown }): unknown {
  delete answer.usageMetadata
  delete answer.usage
  return answer
}

/** Repeats a secret in every text of an answer that is no picture, and beside them. */
function echo(answer: unknown, secret: string): unknown {
  if (Array.isArray(answer)) return answer.map((one) => echo(one, secret))
  if (typeof answer !== 'object' || answer === null) return answer
  const entries = Object.entries(answer).map(([name, one]): [string, unknown] =>
    name === 'text' && typeof one === 'string'
      ? [name, `${one} Key: ${secret}`]
      : [name, echo(one, secret)],
  )
  return Object.fromEntries(entries)
}
