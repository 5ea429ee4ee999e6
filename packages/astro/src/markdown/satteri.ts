import { fileURLToPath } from 'node:url'
import { definedPromptFiles } from '@gemini-image/core/internal'
import { fencedImage, pictureUrl } from './pictures.ts'

/** What a plugin is told about the text, and may do with its tree, as far as it is used here. */
interface Context {
  readonly fileURL: URL | undefined
  /** The whole text. */
  readonly source: string
  setProperty(node: object, key: string, value: string): void
  replaceNode(node: object, other: object): void
}

/** A node with an address. */
interface Addressed {
  readonly url: string
}

/** An image whose address stands elsewhere. */
interface Reference {
  readonly identifier: string
  readonly alt?: string | null
}

/** A fenced block. */
interface Fenced {
  readonly lang?: string | null
  readonly value: string
}

/** A plugin for Astro's own Markdown processor. */
export interface SatteriPlugin {
  readonly name: string
  image(node: Addressed, context: Context): void
  imageReference(node: Reference, context: Context): void
  code(node: Fenced, context: Context): void
}

/** Prompt files and fenced declarations become images of the project, for Astro's own processor. */
export function satteriPictures(root: string): SatteriPlugin {
  const surroundings = ({ fileURL }: Context) => ({ file: fileURL && fileURLToPath(fileURL), root })
  // A text's images come one after another; its definitions are read for the first.
  let last: { source: string; addressOf: (label: string) => string | undefined } | undefined
  return {
    name: 'gemini-image',
    image(node, context) {
      const url = pictureUrl(node.url, surroundings(context))
      if (url !== undefined) context.setProperty(node, 'url', url)
    },
    // Astro makes no picture of a reference.
    imageReference(node, context) {
      const { identifier, alt } = node
      if (last?.source !== context.source) {
        last = { source: context.source, addressOf: definedPromptFiles(context.source) }
      }
      const address = last.addressOf(identifier)
      const url = address && pictureUrl(address, surroundings(context))
      if (url) context.replaceNode(node, { type: 'image', url, alt: alt ?? '' })
    },
    code(node, context) {
      const image = fencedImage(node, surroundings(context).file)
      if (!image) return
      const paragraph = { type: 'paragraph', children: [{ type: 'image', ...image }] }
      context.replaceNode(node, paragraph)
    },
  }
}
