import { fileURLToPath } from 'node:url'
import { fencedImage, isPromptUrl, pictureUrl } from './pictures.ts'

/** What a plugin is told about the text, and may do with its tree, as far as it is used here. */
interface Context {
  readonly fileURL: URL | undefined
  setProperty(node: object, key: string, value: string): void
  replaceNode(node: object, other: object): void
}

/** A node with an address. */
interface Addressed {
  readonly url: string
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
  definition(node: Addressed, context: Context): void
  code(node: Fenced, context: Context): void
}

/** Prompt files and fenced declarations become images of the project, for Astro's own processor. */
export function satteriPictures(): SatteriPlugin {
  const address = (node: Addressed, context: Context): void => {
    if (isPromptUrl(node.url)) context.setProperty(node, 'url', pictureUrl(node.url))
  }
  return {
    name: 'gemini-image',
    image: address,
    definition: address,
    code(node, context) {
      const image = fencedImage(node, context.fileURL && fileURLToPath(context.fileURL))
      if (!image) return
      const paragraph = { type: 'paragraph', children: [{ type: 'image', ...image }] }
      context.replaceNode(node, paragraph)
    },
  }
}
