import type { ReferenceRole } from '../providers/request.ts'
import path from 'node:path'
import { GeminiImageError, mapAll } from '../kernel/errors/error.ts'
import { settingPlace, type Declaration } from './declaration.ts'
import type { Place } from '../kernel/place.ts'
import type { Settings } from './settings.ts'
import { promptPathOf } from './selection.ts'

/** An image that the model is to look at, as declared. */
export interface ReferenceSpec {
  /** A file of the project, the picture of another declaration, or an image on the web. */
  readonly kind: 'file' | 'declaration' | 'remote'
  /** An absolute path, the id of a declaration, or a URL. */
  readonly target: string
  readonly as: ReferenceRole | undefined
  /** The name by which the prompt may call it. */
  readonly label: string | undefined
  /** The turn that shows it for the first time, from 1; 0 for the prompt. */
  readonly turn: number
  readonly place: Place
}

interface ReferenceRules {
  readonly root?: string | undefined
  readonly remoteHosts?: readonly string[]
}

/**
 * Tells files, declarations and remote images apart. Reads none of them.
 * @throws {GeminiImageError} `REFERENCE_NOT_ALLOWED` for a URL that is not https or whose host is not
 *   on the list.
 */
export function readReferences(
  declaration: Declaration,
  { references = [], turns = [] }: Pick<Settings, 'references' | 'turns'>,
  rules: ReferenceRules,
): readonly ReferenceSpec[] {
  if (references.length === 0 && turns.length === 0) return []
  const written = [
    ...references.map((reference, index) => ({
      ...reference,
      turn: 0,
      place: settingPlace(declaration, 'references', [index]),
    })),
    ...turns.flatMap((turn, turnIndex) =>
      (turn.references ?? []).map((reference, index) => ({
        ...reference,
        turn: turnIndex + 1,
        place: settingPlace(declaration, 'turns', [turnIndex, 'references', index]),
      })),
    ),
  ]
  return mapAll(written, ({ image, as, label, turn, place }) => ({
    ...locate(image, declaration.file, place, rules),
    as,
    label,
    turn,
    place,
  }))
}

function locate(
  image: string,
  declaringFile: string,
  place: Place,
  { root = '', remoteHosts = [] }: ReferenceRules,
): Pick<ReferenceSpec, 'kind' | 'target'> {
  // A scheme has two letters at least: "c:\pictures" is a path.
  if (/^[a-z][a-z\d+.-]+:/i.test(image)) {
    return { kind: 'remote', target: allowedUrl(image, remoteHosts, place) }
  }
  const base = image.startsWith('/') ? root : path.dirname(declaringFile)
  const named = promptPathOf(image)
  const kind = named === undefined ? 'file' : 'declaration'
  return { kind, target: path.join(base, named ?? image) }
}

/**
 * The declaration that another one goes on from.
 * @throws {GeminiImageError} `INVALID_VALUE` where it is no prompt file.
 */
export function readAfter(
  declaration: Declaration,
  after: string,
  rules: ReferenceRules,
): Pick<ReferenceSpec, 'target' | 'place'> {
  const place = settingPlace(declaration, 'after')
  const { kind, target } = locate(after, declaration.file, place, rules)
  if (kind === 'declaration') return { target, place }
  throw new GeminiImageError({
    code: 'INVALID_VALUE',
    what: `"${after.slice(0, 80)}" is no prompt file.`,
    fix: 'name the prompt file whose conversation is to go on (./room.prompt.md).',
    place,
  })
}

function allowedUrl(image: string, hosts: readonly string[], place: Place): string {
  const url = URL.parse(image)
  const refuse = (what: string, fix: string): GeminiImageError =>
    new GeminiImageError({ code: 'REFERENCE_NOT_ALLOWED', what, fix, place })
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    throw refuse(
      `"${image.slice(0, 80)}" is not an https address without a user name.`,
      'use an https address, or save the image in the project and name its path.',
    )
  }
  if (!hosts.includes(url.host)) {
    throw refuse(
      `Images from ${url.host} are not allowed.`,
      `add "${url.host}" to the option "remoteHosts", or save the image in the project.`,
    )
  }
  url.hash = ''
  return url.href
}
