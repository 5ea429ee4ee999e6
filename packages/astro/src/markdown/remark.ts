import { fencedImage, pictureUrl, type Surroundings } from './pictures.ts'

/** A node of a Markdown tree, as far as it is used here. */
interface Node {
  type: string
  url?: string
  lang?: string | null
  value?: string
  alt?: string
  children?: Node[]
}

/** Prompt files and fenced declarations become images of the project, for unified's processors. */
export function remarkPictures({
  root,
}: Pick<Surroundings, 'root'>): (tree: unknown, file: { readonly path?: string }) => void {
  return (tree, { path }) => visit(tree as Node, { file: path, root })
}

function visit(node: Node, surroundings: Surroundings): void {
  const { type, url, value } = node
  if ((type === 'image' || type === 'definition') && url !== undefined) {
    node.url = pictureUrl(url, surroundings) ?? url
  }
  if (type === 'code' && value !== undefined) {
    const image = fencedImage({ lang: node.lang, value }, surroundings.file)
    if (image) {
      for (const key of ['lang', 'value', 'meta'] as const) delete (node as Partial<Fenced>)[key]
      Object.assign(node, { type: 'paragraph', children: [{ type: 'image', ...image }] })
    }
  }
  for (const child of node.children ?? []) visit(child, surroundings)
}

type Fenced = Node & { meta?: string }
