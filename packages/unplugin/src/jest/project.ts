import { hash } from 'node:crypto'
import path from 'node:path'
import type { Project, ResolvedImage } from '@gemini-image/core'
import { openOptions, openProject } from '@gemini-image/core'
import {
  fileOfId,
  isInlineId,
  isPromptFile,
  noPromptFile,
  readImportHead,
  selectionOfId,
  splitMarker,
  startOf,
} from '@gemini-image/core/host'
import {
  outline,
  outlineRenditions,
  writeWhole,
  type Declaration,
  type DeclarationId,
} from '@gemini-image/core/internal'
import { OBJECT_CODE } from '../object-module.ts'
import { pictureModuleCode, type PictureModule } from '../picture-module.ts'
import { withSlashes } from '../project/with-slashes.ts'
import { declarationIn, readAsk } from '../source/ask.ts'
import { moduleSource } from '../source/module-source.ts'
import { rewriteSource } from '../source/rewrite.ts'
import { resolvePromptFile } from './resolve.ts'
import type { ImageKind, Question } from './worker.ts'

/** What tests are told of a project's pictures. It spends nothing, and draws nothing. */
export class JestProject {
  readonly #project: Project

  constructor(project: Project) {
    this.#project = project
  }

  /** @throws {GeminiImageError} `INVALID_OPTION` or `INVALID_CONFIG`. */
  static async open(root: string): Promise<JestProject> {
    // No key, and no shared store that would be asked.
    const env = { GEMINI_IMAGE_STORE: 'off' }
    const surroundings = { hostRoot: root, env, hostMode: 'placeholder' } as const
    return new JestProject(openProject(await openOptions({ root }, surroundings)))
  }

  /** The code that stands in the place of a file. @throws {GeminiImageError} what is wrong with a declaration. */
  async codeOf(question: Question): Promise<string> {
    const { file, isModule } = question
    if (!isPromptFile(file)) return this.#rewritten(question)
    const picture: PictureModule = { declaration: file, form: 'asset', query: '' }
    return inFormat(await this.#moduleOf(picture, question.image), isModule)
  }

  /** A source file whose macros, and imports of all but the picture itself, lead to modules of ours. */
  async #rewritten(question: Question): Promise<string> {
    const { text, file } = question
    const { root } = this.#project.options
    const source = moduleSource(text, withSlashes(file), root)
    if (!source) return text
    const found = await rewriteSource(source, ({ specifier }) => JSON.stringify(specifier))
    const inline = new Map(found?.declarations.map((one) => [one.id, one]))
    const code = found?.code ?? text
    const parts: string[] = []
    let offset = 0
    for (const { specifier, start, end } of readImportHead(code)) {
      const target = await this.#targetOf(specifier, question, inline)
      if (target === undefined) continue
      parts.push(code.slice(offset, start), JSON.stringify(withSlashes(target)))
      offset = end
    }
    const map = found ? `\n//# sourceMappingURL=${found.map.toUrl()}` : ''
    return parts.join('') + code.slice(offset) + map
  }

  /** The file that an import is to lead to; `undefined` where Jest finds it by itself. */
  async #targetOf(
    specifier: string,
    question: Question,
    inline: ReadonlyMap<DeclarationId, Declaration>,
  ): Promise<string | undefined> {
    const { file: importer, isModule, aliases, cacheDirectory, image } = question
    const marked = splitMarker(specifier)
    if (!marked) return undefined
    const ask = readAsk(marked.query, this.#project.options)
    const { form, inline: digest, query } = ask
    const file = digest === undefined ? resolvePromptFile(marked.file, importer, aliases) : importer
    if (file === undefined) {
      if (form === 'asset') return undefined
      throw noPromptFile(marked.file, startOf(this.#project.options.root, importer))
    }
    const declaration = declarationIn(file, ask)
    // Of a prompt file itself, a rule of Jest's makes a module.
    if (form === 'asset' && declaration === file && !isModule) return file
    const picture: PictureModule = { declaration, form, query }
    const code = inFormat(await this.#moduleOf(picture, image, inline), isModule)
    // Beside what Jest keeps of the files that import it: they go together.
    const name = `${hash('sha256', code).slice(0, 32)}.${isModule ? 'mjs' : 'cjs'}`
    const made = path.join(cacheDirectory, 'gemini-image', name)
    await writeWhole(made, code)
    return made
  }

  async #moduleOf(
    picture: PictureModule,
    kind: ImageKind,
    inline?: ReadonlyMap<DeclarationId, Declaration>,
  ): Promise<string> {
    const { options } = this.#project
    const { root } = options
    const image = await outline(this.#project, picture.declaration, inline)
    const { declaration } = picture
    const file = `/${withSlashes(path.relative(root, fileOfId(declaration)))}`
    const srcOf = (id: DeclarationId): string =>
      isInlineId(id) ? `${file}#${image.name}` : file + selectionOfId(id)
    return pictureModuleCode(image, picture, {
      project: {
        options,
        render: (one, wish) => Promise.resolve(outlineRenditions(one, wish, options)),
        layered: (one) => Promise.resolve(one),
      },
      bringObject: OBJECT_CODE,
      expressionOf: (file, id = declaration) => {
        const one = image.languages?.find((other) => other.id === id)?.image ?? image
        const address = addressOf(file, srcOf(id), one)
        return Promise.resolve(imageCode(file, address, one, kind))
      },
    })
  }
}

/** An address that stays the same whether the picture is pinned or not, and tells which one it is. */
function addressOf(file: string, src: string, { images }: ResolvedImage): string {
  const index = images.findIndex((one) => one.file === file)
  if (index === images.length - 1) return src
  return `${src}?${index === -1 ? file : `image=${index}`}`
}

/** The expression of what an import of an image file gives. */
function imageCode(
  file: string,
  src: string,
  { images, width, height, placeholder }: ResolvedImage,
  kind: ImageKind,
): string {
  if (kind === 'url') return JSON.stringify(src)
  const size = images.find((one) => one.file === file) ?? { width, height }
  const image = { src, width: size.width, height: size.height, blurDataURL: placeholder }
  return `(${JSON.stringify(image)})`
}

/** A picture's module in the format that Jest runs it in. Each export is a line of its own. */
function inFormat(code: string, isModule: boolean): string {
  if (isModule) return code
  const exported = code
    .replaceAll(/^export const (\w+) = /gm, 'const $1 = exports.$1 = ')
    .replaceAll(/^export default /gm, 'exports.default = ')
  return `Object.defineProperty(exports, '__esModule', { value: true })\n${exported}`
}
