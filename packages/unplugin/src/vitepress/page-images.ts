import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { ResolvedImage } from '@gemini-image/core'
import { selectionOfId } from '@gemini-image/core/host'
import { findInMarkdown, promptFileOf, Source } from '@gemini-image/core/internal'
import type { MagicString } from 'magic-string'
import type { Plugin, ResolvedConfig } from 'vite'
import { placeOfSpecifier } from '../project/missing-file.ts'
import { withSlashes } from '../project/with-slashes.ts'
import type { PicturesApi } from '../vite/pictures-api.ts'
import { inFrontmatter } from './frontmatter.ts'

/** What VitePress says of a page, as far as it is used here. */
export interface PageData {
  /** From the source folder. */
  readonly filePath: string
  readonly frontmatter: Readonly<Record<string, unknown>>
}

/** What VitePress says of a site, as far as it is used here. */
export interface SiteConfig {
  readonly srcDir: string
  readonly assetsDir: string
}

/** The pictures that pages name in Markdown and frontmatter, where nothing imports them. */
export class PageImages {
  /** Names in the output → files. */
  readonly #shipped = new Map<string, string>()
  readonly #plugin: Plugin<PicturesApi>
  #config: ResolvedConfig | undefined

  constructor(plugin: Plugin<PicturesApi>) {
    this.#plugin = plugin
  }

  /** A build or a server begins; VitePress builds for browsers, then for itself. */
  begin(config: ResolvedConfig): void {
    this.#config = config
    this.#shipped.clear()
  }

  /**
   * A page's Markdown, in which images without alternative text have that of their pictures. Which of several is meant
   * stands there as ids have it: Vue decodes addresses before anybody takes them apart.
   * @throws {GeminiImageError} `UNDECLARED_PICTURE`, or what is wrong with a picture.
   */
  async describe(text: string, page: string): Promise<MagicString | undefined> {
    const { paths } = findInMarkdown(new Source(text, { file: page, root: '' }), 'followed')
    const isSelected = (specifier: string): boolean => selectionOfId(specifier) !== ''
    const open = paths.filter((one) => one.bareAt !== undefined || isSelected(one.specifier))
    if (open.length === 0) return undefined
    const magic = await import('magic-string')
    const code = new magic.MagicString(text)
    for (const { specifier, start, end, bareAt } of open) {
      if (isSelected(specifier)) code.update(start, end, encodeURI(specifier))
      if (bareAt === undefined) continue
      const { alt = '' } = await this.#pictureOf(specifier, page)
      code.appendLeft(bareAt, alt.replaceAll(/[\\[\]]/g, String.raw`\$&`))
    }
    return code
  }

  /**
   * Frontmatter with the URLs of pictures in the place of prompt files.
   * @throws {GeminiImageError} as {@link describe}.
   */
  replaceIn(
    frontmatter: PageData['frontmatter'],
    page: string,
    site: SiteConfig,
  ): Promise<PageData['frontmatter']> {
    return inFrontmatter(frontmatter, async (value) => {
      const specifier = promptFileOf(value)
      if (specifier === undefined) return undefined
      const image = await this.#pictureOf(specifier, page)
      return { url: this.#urlOf(image, site), alt: image.alt ?? '' }
    })
  }

  /** The files that pages show and no module imports, by their names in the output; that of a server has none. */
  async *shipped(): AsyncGenerator<{ fileName: string; source: Uint8Array }> {
    const { ssr, ssrEmitAssets } = this.#config?.build ?? {}
    if (ssr && !ssrEmitAssets) return
    for (const [fileName, file] of this.#shipped) yield { fileName, source: await readFile(file) }
  }

  async #pictureOf(specifier: string, page: string): Promise<ResolvedImage> {
    const { api } = this.#plugin
    if (!api || !this.#config) throw new TypeError('VitePress has not begun.')
    const folder = specifier.startsWith('/') ? this.#config.root : path.dirname(page)
    const id = withSlashes(path.join(folder, specifier))
    const place = placeOfSpecifier(specifier, page, api.project().options.root)
    return api.project().layered(await api.shown(id, page, place))
  }

  /** From the root of the site, as VitePress takes it from frontmatter; it adds `base` itself. */
  #urlOf({ file }: ResolvedImage, { assetsDir }: SiteConfig): string {
    if (this.#config?.command === 'serve') return `/@fs/${withSlashes(file).replace(/^\//, '')}`
    const fileName = `${assetsDir}/${path.basename(file)}`
    this.#shipped.set(fileName, file)
    return `/${fileName}`
  }
}
