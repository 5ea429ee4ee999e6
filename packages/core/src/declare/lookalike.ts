import { GeminiImageError } from '../kernel/errors/error.ts'
import type { Place } from '../kernel/place.ts'
import { SETTING_NAMES } from './settings.ts'

/** How a text differs from one with frontmatter, and how to fix it. */
interface Lookalike {
  /** Where it begins in the text. */
  readonly pattern: RegExp
  what(found: string): string
  readonly fix: string
}

const KEY = `(?:${SETTING_NAMES.join('|')})[ \\t]*:(?=[ \\t\\n]|$)`

const WRITE_FENCES = 'write a line of three dashes (---) above the settings and one below them.'

/** What people write in the place of frontmatter; the first that fits is told. */
const LOOKALIKES: readonly Lookalike[] = [
  {
    pattern: /^(?:[ \t]*\n)+(?=[ \t]*---[ \t]*(?:\n|$))/,
    what: () => 'A blank line stands above the frontmatter.',
    fix: 'delete it: the three dashes (---) are the first line of a prompt file.',
  },
  {
    pattern: /^[ \t]+(?=---[ \t]*(?:\n|$))/,
    what: () => 'The three dashes (---) above the frontmatter are indented.',
    fix: 'delete the spaces in front of them.',
  },
  {
    pattern: /^[ \t\n]*(?:\+{3}|;{3})[^\n]*/,
    what: (found) => `"${found}" begins no frontmatter: it is YAML, between lines of dashes.`,
    fix: 'write the settings as YAML, one "key: value" a line, between two lines of three dashes (---).',
  },
  {
    // Three dashes and something else; two, or a longer one that stands for them, alone on its line.
    pattern: /^[ \t\n]*(?:-{3,}[^\n]*|(?:--|[\u2012-\u2015]{1,3})[ \t]*(?=\n|$))/,
    what: (found) => `"${found}" begins no frontmatter: that takes three dashes, and nothing else.`,
    fix: WRITE_FENCES,
  },
  {
    pattern: new RegExp(`^[ \\t\\n]*${KEY}`),
    what: (found) => `"${found}" is a setting, and no line of dashes stands above it.`,
    fix: WRITE_FENCES,
  },
]

/** Letters of a line in a message. */
const MOST_SHOWN = 40

const CONFLICT = /^(?:<{7}|>{7})(?: |$)/m

/**
 * Makes sure that a text without frontmatter was not meant to have some: all of it would be sent as the prompt.
 * @param text Without a byte order mark, and with line feeds alone.
 * @param placeOf The place of an offset in the text.
 * @throws {GeminiImageError} `MALFORMED_YAML`.
 */
export function assertNoFrontmatterMeant(text: string, placeOf: (offset: number) => Place): void {
  for (const { pattern, what, fix } of LOOKALIKES) {
    const found = pattern.exec(text)
    if (!found) continue
    const [match] = found
    const shown = match.trim().slice(0, MOST_SHOWN)
    throw new GeminiImageError({
      code: 'MALFORMED_YAML',
      what: what(shown),
      why: 'Without frontmatter, all of the file is the prompt.',
      fix: `${fix} Where it is a part of the prompt, put an empty frontmatter above it: two lines of three dashes.`,
      place: placeOf(found.index + match.length - match.trimStart().length),
    })
  }
}

/**
 * Makes sure that no merge was left half done.
 * @throws {GeminiImageError} `MERGE_CONFLICT`.
 */
export function assertMerged(text: string, placeOf: (offset: number) => Place): void {
  // Nearly no text holds these characters anywhere.
  if (!text.includes('<<<<<<<') && !text.includes('>>>>>>>')) return
  const found = CONFLICT.exec(text)
  if (!found) return
  throw new GeminiImageError({
    code: 'MERGE_CONFLICT',
    what: 'A conflict marker of a merge stands here.',
    fix: 'keep one side of the merge, and delete the lines that begin with <<<<<<<, =======, and >>>>>>>.',
    place: placeOf(found.index),
  })
}
