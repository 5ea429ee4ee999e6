import path from 'node:path'
import type { ResolvedImage } from '@gemini-image/core'
import { fileOfId, promptPathOf } from '@gemini-image/core/host'
import {
  findInMarkdown,
  findReferences,
  findRequests,
  promptFileOf,
  Source,
} from '@gemini-image/core/internal'
import { MagicString } from 'magic-string'
import type { LoaderContext } from 'webpack'
import { undeclaredFile } from '../project/missing-file.ts'
import type { Session } from '../webpack/session.ts'

/** What the loader of pages is told. */
export interface PageLoaderOptions {
  /** The folder that `@site` and `/` mean. */
  readonly siteDir: string
}

type Loader = LoaderContext<PageLoaderOptions>

/**
 * A page with the files of pictures in the place of prompt files. Docusaurus takes them as it takes any image, and
 * measures them.
 * @throws {GeminiImageError} `PROMPT_FILE_NOT_FOUND`, or what is wrong with a picture.
 */
export async function rewritePage(text: string, session: Session, loader: Loader): Promise<string> {
  const page = new Page(text, session, loader)
  await page.rewriteFrontmatter()
  await page.rewriteImages()
  page.rewriteElements()
  return page.toString()
}

const FRONTMATTER = /^\uFEFF?\s*---[ \t]*\r?\n[^]*?^---[ \t]*\r?$/m
const FIELD = /^(\s*[\w-]+:\s+)(["']?)(\S[^"'\r\n]*\.prompt\.md(?:\?[^"'\r\n]*?)?)\2[ \t]*\r?$/gm

class Page {
  readonly #code: MagicString
  readonly #text: string
  readonly #session: Session
  readonly #loader: Loader

  constructor(text: string, session: Session, loader: Loader) {
    this.#code = new MagicString(text)
    this.#text = text
    this.#session = session
    this.#loader = loader
    loader.addDependency(session.options.lockfile)
  }

  toString(): string {
    return this.#code.toString()
  }

  /** Docusaurus takes `image` for a file, whatever it is to the rest of the site. */
  async rewriteFrontmatter(): Promise<void> {
    const [whole = ''] = FRONTMATTER.exec(this.#text) ?? []
    for (const { 0: line, 1: before = '', 3: written = '', index } of whole.matchAll(FIELD)) {
      const specifier = promptPathOf(written)
      if (specifier === undefined) continue
      const { url } = await this.#show(specifier)
      this.#code.update(index, index + line.trimEnd().length, `${before}"${url}"`)
    }
  }

  async rewriteImages(): Promise<void> {
    const { resourcePath: file } = this.#loader
    const source = new Source(this.#text, { file, root: this.#session.options.root })
    for (const { specifier, start, end, bareAt } of findInMarkdown(source, 'followed').paths) {
      const { url, image } = await this.#show(specifier)
      this.#code.update(start, end, url)
      if (bareAt !== undefined) this.#code.appendLeft(bareAt, escapeAlt(image?.alt ?? ''))
    }
    // Docusaurus looks at no image whose address stands elsewhere.
    for (const { alt, address, start, end } of findReferences(source)) {
      const { url } = await this.#show(promptFileOf(address) ?? address)
      this.#code.update(start, end, `![${alt}](${url})`)
    }
  }

  /** What a page says in JSX, nobody but the bundler resolves. */
  rewriteElements(): void {
    for (const request of findRequests(this.#text, '.md')) {
      if (!('file' in request)) continue
      const { specifier, start, end } = request
      if (!/\ssrc=["']$/.test(this.#text.slice(0, start))) continue
      const required = `{require(${JSON.stringify(specifier)}).default}`
      this.#code.update(start - 1, end + 1, required)
    }
  }

  async #show(specifier: string): Promise<{ url: string; image: ResolvedImage | undefined }> {
    const { resourcePath } = this.#loader
    const { failure, options } = this.#session
    // Said once, for all pictures. Docusaurus leaves this address alone.
    if (failure !== undefined) return { url: 'pathname:///', image: undefined }
    const id = this.#fileOf(specifier)
    if (!this.#session.declarations.has(id))
      throw undeclaredFile(specifier, id, resourcePath, options.root)
    const image = await this.#session.layered(await this.#session.shown(id))
    for (const input of [fileOfId(id), ...image.inputs]) this.#loader.addDependency(input)
    const relative = path.relative(path.dirname(resourcePath), image.file).replaceAll('\\', '/')
    const url = encodeURI(`./${relative}`).replaceAll(
      /[()#?]/g,
      (sign) => `%${sign.charCodeAt(0).toString(16)}`,
    )
    return { url, image }
  }

  #fileOf(specifier: string): string {
    const { siteDir } = this.#loader.getOptions()
    const [, below] = /^(?:@site)?\/(.*)$/.exec(specifier) ?? []
    if (below !== undefined) return path.join(siteDir, below)
    return path.join(path.dirname(this.#loader.resourcePath), specifier)
  }
}

function escapeAlt(alt: string): string {
  return alt.replaceAll(/[\\[\]{}<]/g, String.raw`\$&`)
}
