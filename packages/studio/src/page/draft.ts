import type { Change, PictureDetails } from '../protocol.ts'

/** Prompt and settings while a person edits them, all of them as text. */
export interface Draft {
  readonly prompt: string
  readonly settings: readonly (readonly [name: string, text: string])[]
}

/** Settings that have a field whether they are stated or not. */
export const COMMON_SETTINGS = ['aspectRatio', 'size', 'model', 'variants', 'alt'] as const

export function draftOf({ prompt, settings }: PictureDetails): Draft {
  const names = new Set([...COMMON_SETTINGS, ...Object.keys(settings)])
  // One says turns in words, and there.
  names.delete('turns')
  return { prompt, settings: [...names].map((name) => [name, textOf(settings[name])]) }
}

/** Only what is not as it was; `undefined` where all is. */
export function changeOf(details: PictureDetails, draft: Draft): Change | undefined {
  const settings: Record<string, unknown> = {}
  for (const [name, text] of draft.settings) {
    const before = textOf(details.settings[name])
    if (name && text.trim() !== before) settings[name] = text.trim() ? valueOf(name, text) : null
  }
  const kept = new Set(draft.settings.map(([name]) => name))
  for (const name of Object.keys(details.settings)) {
    if (!kept.has(name) && name !== 'turns') settings[name] = null
  }
  const prompt = draft.prompt.trim()
  const isOtherPrompt = prompt !== '' && prompt !== details.prompt.trim()
  const isOtherwise = Object.keys(settings).length > 0
  if (!isOtherPrompt && !isOtherwise) return undefined
  return { ...(isOtherPrompt && { prompt }), ...(isOtherwise && { settings }) }
}

function textOf(value: unknown): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Words stay words; numbers, lists and the like are read as JSON. */
const WORDS = new Set(['alt', 'aspectRatio', 'model', 'size', 'focus', 'system'])

function valueOf(name: string, text: string): unknown {
  const trimmed = text.trim()
  if (WORDS.has(name)) return trimmed
  try {
    return JSON.parse(trimmed)
  } catch {
    return trimmed
  }
}
