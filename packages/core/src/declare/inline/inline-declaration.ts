import { hash } from 'node:crypto'
import path from 'node:path'
import canonicalize from 'canonicalize'
import { GeminiImageError } from '../../kernel/errors/error.ts'
import { type Declaration, type Setting, inlineId } from '../declaration.ts'
import type { Place } from '../../kernel/place.ts'
import { assertPlain } from '../plain-values.ts'
import { toSlug } from '../prompt-file.ts'

/** The file that declares a picture among other things. */
export interface DeclaringFile {
  /** Its absolute path. */
  readonly file: string
  readonly root: string
  /** A name that ends as a file of this text would, where the text is a part. @default `file` */
  readonly kind?: string | undefined
}

/** What a person wrote in a file that is not a prompt file. */
interface Written {
  /** Its settings, the prompt among them. */
  readonly settings: ReadonlyMap<string, Setting>
  readonly place: Place
  /** The field or variable that holds it, for its name; its prompt speaks for it where none does. */
  readonly field?: string | undefined
}

/**
 * A declaration in a component, in frontmatter or in a text.
 * @throws {GeminiImageError} `INVALID_VALUE` for a prompt that is not text, or for what no request can say.
 */
export function toInlineDeclaration(written: Written, { file }: DeclaringFile): Declaration {
  const { settings, place, field } = written
  assertPlain(settings)
  const prompt = promptOf(settings)
  const rest = new Map(settings)
  rest.delete('prompt')
  const values = [...rest].map(([key, { value }]): [string, unknown] => [key, value])
  const digest = digestOf({ ...Object.fromEntries(values), prompt })
  return {
    id: inlineId(file, digest),
    file,
    name: inlineName(file, field ?? wordsOf(prompt)),
    prompt,
    place: settings.get('prompt')?.valuePlace() ?? place,
    settings: rest,
  }
}

/**
 * 16 hexadecimal digits that stand for what a declaration says, however it is written: what has no
 * value and the white space around the prompt carry no meaning.
 */
export function digestOf(values: Readonly<Record<string, unknown>>): string {
  const said = Object.entries(values).filter(([, value]) => value !== null && value !== undefined)
  const { prompt, ...settings } = Object.fromEntries(said)
  const text = typeof prompt === 'string' ? prompt.replaceAll(/\r\n?/g, '\n').trim() : ''
  const canonical = canonicalize({ ...settings, ...(text !== '' && { prompt: text }) }) ?? ''
  return hash('sha256', canonical, 'hex').slice(0, 16)
}

function promptOf(settings: ReadonlyMap<string, Setting>): string {
  const written = settings.get('prompt')
  if (written === undefined || written.value === null) return ''
  if (typeof written.value === 'string') return written.value.replaceAll(/\r\n?/g, '\n').trim()
  throw new GeminiImageError({
    code: 'INVALID_VALUE',
    what: '"prompt" is not text.',
    fix: 'describe the picture in words; put quotes around text that YAML takes for a number, a list or a map.',
    place: written.valuePlace(),
  })
}

/** `harbour-cover` for the field `cover` of `harbour.md`. An `index` file is called by its folder. */
function inlineName(file: string, field: string): string {
  const { name, dir } = path.parse(file)
  const base = name === 'index' ? path.basename(dir) : name
  return toSlug(`${base} ${field}`)
}

/** The first words of a prompt, as many as a file name bears. */
function wordsOf(prompt: string): string {
  return prompt.split(/\s+/).slice(0, 6).join(' ').slice(0, 40)
}
