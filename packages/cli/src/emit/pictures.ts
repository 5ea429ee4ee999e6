import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import {
  GeminiImageError,
  type Prepared,
  type Project,
  type ResolvedImage,
} from '@gemini-image/core'
import { layered, render, type AppIconFile, type RenditionSet } from '@gemini-image/core/internal'
import { fileNameOf, type PictureName } from './names.ts'

/** A picture that is to be written, with what it is called. */
export interface NamedPicture extends PictureName {
  /** The declaration's. */
  readonly id: string
}

/** A file that is to be written. */
export interface EmittedFile {
  /** Its path in the emitted folder, with forward slashes. */
  readonly file: string
  /** Absolute path of the file that it is a copy of, or its content. */
  readonly source: string | Uint8Array
  /** SHA-256 of its content, in hex. */
  readonly sha256: string
}

/** A picture with all of its files. */
export interface EmittedPicture {
  readonly name: string
  readonly image: ResolvedImage
  /** The pictures of the answer, in order; the last is the one that is shown. */
  readonly images: readonly EmittedFile[]
  readonly renditions: EmittedRenditions | undefined
}

export interface EmittedRenditions extends Pick<RenditionSet, 'shown' | 'sizes'> {
  /** By preference; the last is for browsers that know none of them. */
  readonly sources: readonly {
    readonly format: string
    readonly type: string
    /** Ascending by width. */
    readonly files: readonly (EmittedFile & {
      readonly width: number
      readonly height: number
      readonly descriptor: string
    })[]
  }[]
}

/** How files are made and named. */
export interface EmitStyle {
  /** Settings of renditions as a query: `?widths=400;800`. @default no renditions */
  readonly query: string | undefined
  /** Whether names hold a hash of the content. */
  readonly withHash: boolean
}

/** Pictures with the files that are to be written of them; renditions that are missing are encoded. */
export async function emittedPictures(
  pictures: readonly NamedPicture[],
  prepared: Prepared,
  project: Project,
  style: EmitStyle,
): Promise<readonly EmittedPicture[]> {
  const shown = await Promise.all(
    pictures.map(async ({ name, stem, id }) => {
      const original = await prepared.image(id)
      const image = await layered(project, original)
      const { query } = style
      const wish = query === undefined ? undefined : ({ form: 'picture', query } as const)
      const set = wish && (await render(project, original, wish))
      return { name, stem, image, set }
    }),
  )
  const emitted: EmittedPicture[] = []
  // One after another: each file is read whole.
  for (const { name, stem, image, set } of shown) {
    const images = await imagesOf(stem, image, style)
    emitted.push({ name, image, images, renditions: set && (await renditionsOf(stem, set, style)) })
  }
  return emitted
}

/** The files of an app's icons. */
export function iconFiles(icons: readonly AppIconFile[]): readonly EmittedFile[] {
  return icons.map(({ file, bytes }) => ({ file, source: bytes, sha256: hash('sha256', bytes) }))
}

/** All files of pictures. */
export function filesOf(pictures: readonly EmittedPicture[]): readonly EmittedFile[] {
  return pictures.flatMap(({ images, renditions }) => [
    ...images,
    ...(renditions?.sources.flatMap(({ files }) => files) ?? []),
  ])
}

async function imagesOf(
  stem: string,
  { images, object }: ResolvedImage,
  style: EmitStyle,
): Promise<readonly EmittedFile[]> {
  const emitted: EmittedFile[] = []
  for (const [index, { file, format }] of images.entries()) {
    const isShown = index === images.length - 1
    const variant = isShown ? undefined : `image-${index + 1}`
    const one = await emittedFile(file, { stem, variant, format }, style)
    if (isShown && object !== undefined && one.sha256 !== object) throw changedMeanwhile(file)
    emitted.push(one)
  }
  return emitted
}

async function renditionsOf(
  stem: string,
  { sources, shown, sizes }: RenditionSet,
  style: EmitStyle,
): Promise<EmittedRenditions> {
  const emitted: EmittedRenditions['sources'][number][] = []
  for (const { format, type, files } of sources) {
    const sized = []
    for (const { file, width, height, descriptor } of files) {
      const one = await emittedFile(file, { stem, variant: String(width), format }, style)
      sized.push({ ...one, width, height, descriptor })
    }
    emitted.push({ format, type, files: sized })
  }
  return { shown, sizes, sources: emitted }
}

async function emittedFile(
  source: string,
  named: { readonly stem: string; readonly variant: string | undefined; readonly format: string },
  { withHash }: EmitStyle,
): Promise<EmittedFile> {
  const sha256 = hash('sha256', await readFile(source))
  return { file: fileNameOf({ ...named, hash: withHash ? sha256 : undefined }), source, sha256 }
}

/** A file is not what it was when it was looked at. */
export function changedMeanwhile(file: string): GeminiImageError {
  return new GeminiImageError({
    code: 'CORRUPT_OBJECT',
    what: `${file} changed while it was being copied.`,
    fix: 'restore it from version control if it is a pinned picture, and run again.',
  })
}
