import path from 'node:path'
import { selectionOfId, writtenSelection } from '@gemini-image/core/host'
import type { Declared } from '@gemini-image/core/internal'

const PROMPT_FILE = /\.prompt\.md$/

/** What a picture is called. */
export interface PictureName {
  /** For people and code: its prompt file's path from a folder, without `.prompt.md`; `poster?each=Spanish` of a set. */
  readonly name: string
  /** The path of its files, without what tells them apart: that of the prompt file; `poster-spanish` of a set. */
  readonly stem: string
}

/** The names of pictures, in the same order. No two stems are one file, whether or not a disk knows `A` from `a`. */
export function namesOf(pictures: readonly Declared[], from: string): readonly PictureName[] {
  const taken = new Set<string>()
  const plain = pictures.map((one) => (isOfSet(one) ? undefined : pathFrom(from, one)))
  for (const stem of plain) if (stem !== undefined) taken.add(stem.toLowerCase())
  return pictures.map((declared, index) => {
    const own = pathFrom(from, declared)
    const isAlone = plain[index] !== undefined
    const stem = isAlone
      ? own
      : free(path.posix.join(path.posix.dirname(own), declared.name), taken)
    return { name: own + writtenSelection(selectionOfId(declared.id)), stem }
  })
}

function isOfSet({ id }: Declared): boolean {
  return selectionOfId(id) !== ''
}

function pathFrom(folder: string, { file }: Declared): string {
  return path.relative(folder, file).split(path.sep).join('/').replace(PROMPT_FILE, '')
}

/** Takes a name that nothing has: values that differ in signs alone are called alike. */
function free(stem: string, taken: Set<string>): string {
  let found = stem
  for (let count = 2; taken.has(found.toLowerCase()); count += 1) found = `${stem}-${count}`
  taken.add(found.toLowerCase())
  return found
}

interface FileName {
  /** As in {@link PictureName}. */
  readonly stem: string
  /** Its width, or which picture of several it is; `undefined` for the picture itself. */
  readonly variant?: string | undefined
  /** SHA-256 of its content, in hex, where the name is to say it. */
  readonly hash?: string | undefined
  /** `jpeg`, `png`, `webp` or `avif`. */
  readonly format: string
}

/** Hex digits of a content hash in a name. */
const HASH = 8

/**
 * A file's path in the emitted folder: `src/hero.jpg`, `src/hero@800.webp`. An `@` in the last part of the
 * name is doubled, so that no picture is ever called like a variant of another one.
 */
export function fileNameOf({ stem, variant, hash, format }: FileName): string {
  const end = stem.lastIndexOf('/') + 1
  const own = stem.slice(0, end) + stem.slice(end).replaceAll('@', '@@')
  const parts = [
    variant === undefined ? own : `${own}@${variant}`,
    ...(hash === undefined ? [] : [hash.slice(0, HASH)]),
    format === 'jpeg' ? 'jpg' : format,
  ]
  return parts.join('.')
}

/** The address of a file below a public path. */
export function addressOf(file: string, publicPath: string): string {
  const encoded = file.split('/').map(encodeURIComponent).join('/').replaceAll('%40', '@')
  return publicPath === '' || publicPath.endsWith('/')
    ? publicPath + encoded
    : `${publicPath}/${encoded}`
}

/** How files are called that stand beside an app's icons. */
const BESIDE_ICONS = /(?:^|\/)(?:Contents\.json|ic_launcher(?:_round|_background)?\.xml)$/

/** What {@link fileNameOf} may have made, or stands beside an app's icons: a path that stays in its folder. */
export function isFileName(file: string): boolean {
  const isPlain = file.split('/').every((part) => !['', '.', '..'].includes(part))
  const isOurs = /\.(?:jpg|png|webp|avif)$/.test(file) || BESIDE_ICONS.test(file)
  return isPlain && !/[\\\0]/.test(file) && isOurs
}
