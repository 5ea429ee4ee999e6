import { isGeminiImageError, joinErrors } from '@gemini-image/core/host'
import type { GeminiImageError } from '@gemini-image/core'
import {
  findMacros,
  findOurImports,
  findTags,
  partsOf,
  type ComponentTag,
  type Declaration,
  type MacroCall,
  type OurImport,
  type Part,
  type Source,
} from '@gemini-image/core/internal'
import type { MagicString, SourceMap } from 'magic-string'
import { inlineSpecifier } from './ask.ts'
import { findPictureUrls, type PictureUrl } from './picture-urls.ts'

/** Source code in which imports of pictures stand in the place of what declares them. */
export interface Rewritten {
  readonly code: string
  readonly map: SourceMap
  readonly declarations: readonly Declaration[]
}

/**
 * Replaces macros, components and the URLs of pictures in source code, before any compiler sees it.
 * @param urlCode Gives the JavaScript expression for what stands in `new URL()`.
 * @param importPath How the file's own path is written in imports. @default absolute
 * @throws {GeminiImageError} `NOT_STATIC` or `INVALID_VALUE`; what `urlCode` throws.
 */
export async function rewriteSource(
  source: Source,
  urlCode: (url: PictureUrl) => Promise<string> | string,
  importPath?: string,
): Promise<Rewritten | undefined> {
  const macros = findMacros(source)
  const tags = findTags(source)
  const urls = findPictureUrls(source)
  if (macros.imports.length + tags.length + urls.length === 0) return undefined
  assertSound([...macros.calls, ...tags])
  // Few builds have anything to rewrite.
  const magic = await import('magic-string')
  const rewriting = new Rewriting(source, new magic.MagicString(source.text), importPath)
  for (const url of urls) rewriting.replaceUrl(url, await urlCode(url))
  for (const call of macros.calls) rewriting.replaceCall(call)
  for (const tag of tags) rewriting.replaceTag(tag)
  rewriting.addImports(macros.imports, findOurImports(source, 'components'))
  return rewriting.finish(source.file)
}

type Site = { readonly declaration: Declaration | GeminiImageError }

function assertSound(sites: readonly Site[]): void {
  const errors = sites.map(({ declaration }) => declaration).filter(isGeminiImageError)
  if (errors.length > 0) throw joinErrors(errors)
}

/** One file that is being rewritten. */
class Rewriting {
  readonly #code: MagicString
  readonly #importPath: string | undefined
  readonly #scopes: readonly Scope[]
  /** Id → declaration. */
  readonly #declared = new Map<string, Declaration>()
  /** What is imported, in the order in which it is met: what says the same is imported once. */
  readonly #specifiers: string[] = []
  /** The specifiers that each scope names. */
  readonly #used = new Map<Scope | undefined, Set<string>>()

  constructor(source: Source, code: MagicString, importPath: string | undefined) {
    this.#importPath = importPath
    this.#code = code
    this.#scopes = scopesOf(source)
  }

  replaceCall({ declaration, start, end, ...shown }: MacroCall): void {
    this.#code.update(start, end, this.#nameOf(declaration, start, shown))
  }

  replaceTag({ declaration, nameEnd, settings }: ComponentTag): void {
    for (const { start, end } of settings) this.#code.remove(start, end)
    this.#code.appendLeft(nameEnd, ` picture={${this.#nameOf(declaration, nameEnd)}}`)
  }

  replaceUrl({ start, end }: PictureUrl, code: string): void {
    this.#code.update(start, end, code)
  }

  /** Where an import of ours stands, every kind of file takes imports: directives and fences stay first. */
  addImports(macros: readonly OurImport[], components: readonly OurImport[]): void {
    const added = new Set<Scope | undefined>()
    const importsOnce = ({ start }: OurImport): string => {
      const scope = this.#scopeOf(start)
      if (added.has(scope)) return ''
      added.add(scope)
      return this.#importsOf(scope)
    }
    // Nothing of the macro is left, and what it came from is not to be loaded.
    for (const one of macros) {
      // MDX takes an import for one where a line begins with it.
      this.#code.update(one.start, one.end, importsOnce(one) + (one.types ?? '') || ' ')
    }
    for (const one of components) {
      const imports = importsOnce(one)
      // MDX takes no empty statements.
      const separator = this.#code.original[one.end - 1] === ';' ? '' : ';'
      if (imports !== '') this.#code.appendRight(one.end, separator + imports)
    }
  }

  finish(file: string): Rewritten {
    return {
      code: this.#code.toString(),
      map: this.#code.generateMap({ source: file, hires: 'boundary', includeContent: true }),
      declarations: [...this.#declared.values()],
    }
  }

  #importsOf(scope: Scope | undefined): string {
    return [...(this.#used.get(scope) ?? [])]
      .map((one) => `import ${this.#localName(one)} from ${JSON.stringify(one)};`)
      .join('')
  }

  #nameOf(
    declaration: Declaration | GeminiImageError,
    offset: number,
    shown?: Pick<MacroCall, 'form' | 'query'>,
  ): string {
    if (isGeminiImageError(declaration)) throw declaration
    const { id } = declaration
    const scope = this.#scopeOf(offset)
    const specifier = inlineSpecifier(id, this.#importPath, shown)
    this.#used.set(scope, (this.#used.get(scope) ?? new Set()).add(specifier))
    this.#declared.set(id, declaration)
    if (!this.#specifiers.includes(specifier)) this.#specifiers.push(specifier)
    return this.#localName(specifier)
  }

  #localName(specifier: string): string {
    return `__geminiImage${this.#specifiers.indexOf(specifier)}`
  }

  #scopeOf(offset: number): Scope | undefined {
    return this.#scopes.find(({ start, end }) => start <= offset && offset < end)
  }
}

/** A part of a file that is a module of its own. */
type Scope = Pick<Part, 'start' | 'end'>

/** The scripts of an Astro page run in the browser; those of Vue and Svelte make one module. */
function scopesOf({ text, file }: Source): readonly Scope[] {
  if (!file.endsWith('.astro')) return []
  // The fence, which begins the file, is the page's own.
  return [...partsOf(text, file)].filter(({ kind, start }) => kind === 'script' && start > 0)
}
