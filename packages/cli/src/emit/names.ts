import path from 'node:path'
import { fileOfId, selectionOfId, type DeclarationId } from '@gemini-image/core/host'

const PROMPT_FILE = /\.prompt\.md$/

/**
 * What a picture is called: its prompt file's path from a folder, without `.prompt.md`. The pictures of a set lie in a
 * folder of that name.
 */
export function nameOfPicture(id: DeclarationId, from: string): string {
  const file = fileOfId(id)
  const name = path.relative(from, file).split(path.sep).join('/').replace(PROMPT_FILE, '')
  const selected = selectionOfId(id).replace(/^\?(?:each=)?/, '')
  return selected === ''
    ? name
    : `${name}/${selected.replaceAll(/[;&]/g, '+').replaceAll('~', '%')}`
}

interface FileName {
  /** As {@link nameOfPicture}. */
  readonly name: string
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
export function fileNameOf({ name, variant, hash, format }: FileName): string {
  const end = name.lastIndexOf('/') + 1
  const own = name.slice(0, end) + name.slice(end).replaceAll('@', '@@')
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

/** What {@link fileNameOf} may have made: a path that stays in its folder, and ends like a picture. */
export function isFileName(file: string): boolean {
  const isPlain = file.split('/').every((part) => !['', '.', '..'].includes(part))
  return isPlain && !/[\\\0]/.test(file) && /\.(?:jpg|png|webp|avif)$/.test(file)
}
