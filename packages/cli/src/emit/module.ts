import { SOURCE_TYPES } from '@gemini-image/core/internal'
import { addressOf } from './names.ts'
import { filesOf, type EmittedFile, type EmittedPicture } from './pictures.ts'
import { recordOf, type SourceOf } from './records.ts'

/** The files beside the pictures. */
export const MODULE = 'index.js'
export const TYPES = 'index.d.ts'
export const MANIFEST = 'manifest.json'

const GENERATOR = 'gemini-image'
/** Of the module and its types, and of the manifest. */
const MARK = /Written by gemini-image: |"generator":\s*"gemini-image"/

const HEAD = `// Written by ${GENERATOR}: do not edit.\n`

/** Whether a text is one of ours, whatever a formatter or a merge has made of it. */
export function isOurs(text: string): boolean {
  return MARK.test(text.slice(0, 500))
}

/** Which files there are, and where a server has them. */
export interface Emitted {
  readonly pictures: readonly EmittedPicture[]
  /** Where the folder is served; `undefined` where a bundler takes the files. */
  readonly publicPath: string | undefined
}

/** The texts of the module, its types and the manifest, by file name. The manifest is the last. */
export function textsOf(emitted: Emitted): ReadonlyMap<string, string> {
  return new Map([
    [MODULE, moduleText(emitted)],
    [TYPES, typesText(emitted)],
    [MANIFEST, manifestText(emitted)],
  ])
}

/** The manifest of files that no module names. */
export function fileListText(files: readonly EmittedFile[]): ReadonlyMap<string, string> {
  const hashes = files.map(({ file, sha256 }) => [file, sha256] as const)
  const manifest = { generator: GENERATOR, files: Object.fromEntries(hashes) }
  return new Map([[MANIFEST, `${JSON.stringify(manifest, undefined, 2)}\n`]])
}

function manifestText({ pictures, publicPath }: Emitted): string {
  const sourceOf: SourceOf = (file) =>
    publicPath === undefined ? file : addressOf(file, publicPath)
  const withPicture = publicPath !== undefined
  const records = pictures.map((one) => [one.name, recordOf(one, sourceOf, withPicture)] as const)
  const hashes = filesOf(pictures).map(({ file, sha256 }) => [file, sha256] as const)
  const manifest = {
    generator: GENERATOR,
    pictures: Object.fromEntries(records),
    files: Object.fromEntries(hashes),
  }
  return `${JSON.stringify(manifest, undefined, 2)}\n`
}

/** The files that a manifest names, each with the SHA-256 of its content; none where it cannot be read. */
export function filesOfManifest(text: string): ReadonlyMap<string, string> {
  try {
    const { files } = Object(JSON.parse(text)) as { files?: unknown }
    const pairs = Object.entries(Object(files) as Record<string, unknown>)
    return new Map(pairs.filter((pair): pair is [string, string] => typeof pair[1] === 'string'))
  } catch {
    return new Map()
  }
}

/** Code that stands for itself. */
class Code {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** The module. Metro takes a file where it finds `require` with its path. */
function moduleText({ pictures, publicPath }: Emitted): string {
  const sourceOf: SourceOf = (file) =>
    publicPath === undefined
      ? new Code(`require(${JSON.stringify(`./${file}`)})`)
      : addressOf(file, publicPath)
  const records = pictures.map(
    (one) =>
      `  ${keyOf(one.name)}: ${toCode(recordOf(one, sourceOf, publicPath !== undefined))},\n`,
  )
  return `${HEAD}const pictures = {\n${records.join('')}}\n\nexport default pictures\n`
}

/** A literal `__proto__` would set the prototype. */
function keyOf(name: string): string {
  return name === '__proto__' ? '["__proto__"]' : JSON.stringify(name)
}

function toCode(value: unknown): string {
  if (value instanceof Code) return value.text
  if (Array.isArray(value)) return `[${value.map(toCode).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(([name, one]) => `${keyOf(name)}: ${toCode(one)}`)
  return `{ ${members.join(', ')} }`
}

const GROUNDING_TYPES = `  /** What the provider wants to be shown beside a picture of looked-up data. */
  readonly grounding?: {
    readonly searchSuggestions?: string
    readonly sources: readonly {
      readonly url: string
      readonly title?: string
      readonly imageUrl?: string
    }[]
    readonly queries: readonly string[]
    /** Pieces of \`text\`, with the numbers of their sources. */
    readonly citations?: readonly {
      readonly start: number
      readonly end: number
      readonly sources: readonly number[]
    }[]
  }
`

function typesText({ pictures, publicPath }: Emitted): string {
  const names = pictures.map(({ name }) => `  readonly ${JSON.stringify(name)}: Picture\n`)
  const hasRenditions = pictures.some(({ renditions }) => renditions !== undefined)
  const [src, srcIs] =
    publicPath === undefined
      ? ['number', 'What Metro makes of the file: the source of an `<Image>`']
      : ['string', 'Its address']
  const isWeb = publicPath !== undefined && hasRenditions
  return `${HEAD}
/** A generated picture. */
export interface Picture {
  /** ${srcIs}. */
  readonly src: ${src}
  /** Its path in this folder. */
  readonly file: string
  /** Width, in pixels. */
  readonly width: number
  /** Height, in pixels. */
  readonly height: number
  readonly format: 'jpeg' | 'png' | 'webp'
  /** Media type: \`image/jpeg\`. */
  readonly type: string
  /** Alternative text as declared; empty for a decorative picture. */
  readonly alt: string
  /** The dominant colour: \`#2b4a3f\`. */
  readonly color: string
  /** A data URI of under 1 KB, to be shown until the picture is there. */
  readonly placeholder: string
  /** The model that drew it; \`placeholder\` while there is no picture yet, \`adopted\` for a picture that no model drew. */
  readonly model: string
  /** How it came about, as a term of IPTC's vocabulary. */
  readonly digitalSourceType: ${SOURCE_TYPES.map((type) => `'${type}'`).join(' | ')}
  /** Text that came along with the picture; empty where none did. */
  readonly text: string
${GROUNDING_TYPES}  /** All pictures of the answer, in order; \`src\` is the last. */
  readonly images: readonly ${src}[]
  /** Text and pictures of the answer, in order. */
  readonly parts: readonly ({ readonly text: string } | { readonly image: ${src} })[]
${hasRenditions ? renditionTypes(src) : ''}${isWeb ? PICTURE_TYPES : ''}}

declare const pictures: {
${names.join('')}}

export type PictureName = keyof typeof pictures

export default pictures
`
}

function renditionTypes(src: string): string {
  return `  /** Its sizes and formats: by preference of the format, and by width. */
  readonly renditions: readonly {
    readonly src: ${src}
    readonly file: string
    readonly width: number
    readonly height: number
    readonly format: 'avif' | 'webp' | 'jpeg' | 'png'
    readonly type: string
  }[]
`
}

const PICTURE_TYPES = `  /** The same for a \`<picture>\` element. */
  readonly picture: {
    readonly sources: readonly {
      readonly type: string
      readonly srcset: string
      readonly sizes?: string
    }[]
    readonly img: {
      readonly src: string
      readonly srcset: string
      readonly sizes?: string
      readonly width: number
      readonly height: number
      readonly alt: string
    }
    readonly color?: string
    readonly placeholder?: string
  }
`
