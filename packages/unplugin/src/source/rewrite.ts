import {
  findMacros,
  findOurImports,
  findTags,
  isGeminiImageError,
  joinErrors,
  Source,
  type ComponentTag,
  type Declaration,
  type DeclaringFile,
  type GeminiImageError,
  type MacroCall,
  type OurImport,
} from '@gemini-image/core'
import { MagicString, type SourceMap } from 'magic-string'
import { inlineSpecifier } from './ask.ts'

/** Matches source code that may declare pictures, for the filters of hooks. */
export const MAY_DECLARE: RegExp = /-gemini-image\/(?:macro|components)\b/

/**
 * Matches the modules in which macros and components are replaced: whatever their query, unless it asks
 * for the text or the URL of the file.
 */
export const MAY_BE_REWRITTEN: RegExp =
  /\.(?:[cm]?[jt]sx?|astro|vue|svelte|mdx)(?:\?(?!(?:.*&)?(?:raw|url)(?:[&=]|$)).*)?$/

/** Source code in which imports of pictures stand in the place of what declares them. */
export interface Rewritten {
  readonly code: string
  readonly map: SourceMap
  readonly declarations: readonly Declaration[]
}

/**
 * Replaces macros and components in source code, before any compiler sees it.
 * @throws {GeminiImageError} `NOT_STATIC` or `INVALID_VALUE`.
 */
export function rewriteSource(text: string, declaring: DeclaringFile): Rewritten | undefined {
  const source = new Source(text, declaring)
  const macros = findMacros(source)
  const tags = findTags(source)
  if (macros.imports.length === 0 && tags.length === 0) return undefined
  assertSound([...macros.calls, ...tags])
  const rewriting = new Rewriting(text)
  for (const call of macros.calls) rewriting.replaceCall(call)
  for (const tag of tags) rewriting.replaceTag(tag)
  rewriting.addImports(macros.imports, findOurImports(source, 'components'))
  return rewriting.finish(declaring.file)
}

type Site = { readonly declaration: Declaration | GeminiImageError }

function assertSound(sites: readonly Site[]): void {
  const errors = sites.map(({ declaration }) => declaration).filter(isGeminiImageError)
  if (errors.length > 0) throw joinErrors(errors)
}

/** One file that is being rewritten. */
class Rewriting {
  readonly #code: MagicString
  /** Id → declaration; what says the same is imported once. */
  readonly #declared = new Map<string, Declaration>()

  constructor(text: string) {
    this.#code = new MagicString(text)
  }

  replaceCall({ declaration, start, end }: MacroCall): void {
    this.#code.update(start, end, this.#nameOf(declaration))
  }

  replaceTag({ declaration, nameEnd, settings }: ComponentTag): void {
    for (const { start, end } of settings) this.#code.remove(start, end)
    this.#code.appendLeft(nameEnd, ` picture={${this.#nameOf(declaration)}}`)
  }

  /** Where an import of ours stands, every kind of file takes imports: directives and fences stay first. */
  addImports(macros: readonly OurImport[], components: readonly OurImport[]): void {
    const imports = [...this.#declared.keys()]
      .map((id, index) => `import ${localName(index)} from ${JSON.stringify(inlineSpecifier(id))}`)
      .join(';')
    const [firstMacro, ...others] = macros
    // Nothing of the macro is left, and what it came from is not to be loaded.
    for (const { start, end } of others) this.#code.remove(start, end)
    // MDX takes an import for one where a line begins with it.
    if (firstMacro) this.#code.update(firstMacro.start, firstMacro.end, imports || ' ')
    else if (components[0]) this.#code.appendRight(components[0].end, `;${imports}`)
  }

  finish(file: string): Rewritten {
    return {
      code: this.#code.toString(),
      map: this.#code.generateMap({ source: file, hires: 'boundary', includeContent: true }),
      declarations: [...this.#declared.values()],
    }
  }

  #nameOf(declaration: Declaration | GeminiImageError): string {
    if (isGeminiImageError(declaration)) throw declaration
    this.#declared.set(declaration.id, declaration)
    return localName([...this.#declared.keys()].indexOf(declaration.id))
  }
}

function localName(index: number): string {
  return `__geminiImage${index}`
}
