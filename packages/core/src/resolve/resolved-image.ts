import path from 'node:path'
import type { Place } from '../declaration/place.ts'
import type { LockEntry } from '../lock/lock-entry.ts'
import { formatOf } from '../render/inspect-image.ts'
import type { Declared } from './declared.ts'

/** A declaration's picture, as a file that a host can take over. */
export interface ResolvedImage {
  /** Absolute path of the picture. */
  readonly file: string
  /** `pinned`: the real one. `placeholder`: a stand-in of the same pixel size. */
  readonly state: 'pinned' | 'placeholder'
  readonly fingerprint: string
  /** Width, in pixels. */
  readonly width: number
  /** Height, in pixels. */
  readonly height: number
  /** `jpeg`, `png` or `webp`. */
  readonly format: string
  /** Alternative text as declared; `undefined` where none was. */
  readonly alt: string | undefined
  readonly prompt: string
  /** The model that drew it; `placeholder` for a stand-in. */
  readonly model: string
  /** Where it is declared. */
  readonly place: Place
}

/** The picture that the lockfile pins. */
export function pinnedImage(declared: Declared, entry: LockEntry, storeDir: string): ResolvedImage {
  const { width, height, type, model } = entry
  return {
    ...common(declared),
    file: path.join(storeDir, entry.file),
    state: 'pinned',
    width,
    height,
    format: formatOf(type),
    model,
  }
}

/** The stand-in for a picture that is not there. */
export function placeholderImage(declared: Declared, file: string): ResolvedImage {
  const { width, height } = declared.pixels
  const state = 'placeholder'
  return { ...common(declared), file, state, width, height, format: 'jpeg', model: state }
}

function common({
  fingerprint,
  spec,
  place,
}: Declared): Pick<ResolvedImage, 'fingerprint' | 'alt' | 'prompt' | 'place'> {
  return { fingerprint, alt: spec.alt, prompt: spec.prompt, place }
}
