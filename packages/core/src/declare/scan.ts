import path from 'node:path'
import glob, { type Options as GlobOptions } from 'fast-glob'
import { GeminiImageError, isGeminiImageError, oursOrThrow } from '../kernel/errors/error.ts'
import { openFiles, type ProjectFiles } from '../kernel/files/files.ts'
import { isBelow } from '../kernel/files/folders.ts'
import {
  ELEVENTY,
  HIDDEN_SOURCES,
  isPromptFile,
  isSourceFile,
  noPromptFile,
  SOURCE_EXTENSIONS,
  UNSEARCHED_GLOBS,
} from './source-files.ts'
import { fileOfId, selectionOfId, type Declaration, type DeclarationId } from './declaration.ts'
import {
  CONTENT_EXTENSIONS,
  findPictureFields,
  handsOverContent,
  handsOverPages,
  isContentFile,
  isMarkdown,
  joinFields,
} from './inline/content.ts'
import type { PictureFields } from './inline/data.ts'
import { findAsked, findInPage } from './inline/find.ts'
import type { DeclaringFile } from './inline/inline-declaration.ts'
import { startOf, type Place } from '../kernel/place.ts'
import { Source } from './inline/source.ts'
import { Neighbours } from './neighbours.ts'
import { isByLanguage } from './selection.ts'
import { PromptFileIndex } from './prompt-file-index.ts'
import { findMistaken } from './requests/mistaken.ts'
import { findRequests } from './requests/requests.ts'
import { TEMPLATE } from './requests/template.ts'

/** How content is read: where a host's schemas name fields, those hold pictures. */
export interface ContentRules {
  readonly fields: PictureFields
  /** Whether Markdown asks for pictures as source code does, and declares none. */
  readonly hasPages: boolean
}

/** Every declaration of a project, and which of them its source asks for. */
export interface Scan {
  /** Absolute paths of all prompt files, sorted. */
  readonly promptFiles: readonly string[]
  /** Absolute paths of all files that were read. */
  readonly files: readonly string[]
  /** Those of them that ask for a picture. */
  readonly askers: readonly string[]
  /** The text of each prompt file, in the same order; `undefined` where it could not be read. */
  readonly texts: readonly (string | undefined)[]
  /** What is declared in other files. */
  readonly inline: ReadonlyMap<DeclarationId, Declaration>
  /** What some source file asks for: prompt files, and what is declared inline. */
  readonly used: ReadonlySet<DeclarationId>
  /** The files that ask for one of these, where they name a prompt file. */
  readonly askedBy: ReadonlyMap<DeclarationId, readonly string[]>
  /** What is wrong with inline declarations, before they are judged. */
  readonly problems: readonly GeminiImageError[]
  /** What may be wrong, and is not known to be. */
  readonly warnings: readonly string[]
  /** Absolute paths of the files whose schemas take pictures from content. */
  readonly schemas: ReadonlySet<string>
  /** `undefined` where no host reads content. */
  readonly content: ContentRules | undefined
}

/** Finds the declarations below `root`, and those of the workspace that its source imports. */
export async function scanProject(root: string, exclude: readonly string[]): Promise<Scan> {
  const files = openFiles(root)
  const find = (...names: string[]): Promise<string[]> =>
    findFiles(everywhere(names), files, exclude)
  const seen = await find('*.prompt.md', anyOf(SOURCE_EXTENSIONS), ELEVENTY)
  const found = seen.filter((file) => isPromptFile(file) || isSourceFile(file))
  const promptFiles = found.filter(isPromptFile)
  const survey = new Survey(files, new PromptFileIndex(promptFiles, root))
  for (const file of found) if (!isPromptFile(file)) survey.readSource(file)
  // It grows while it is gone through: what is imported may import more.
  for (const file of survey.beyond) survey.readSource(file)
  const content = survey.hasContent ? await find(anyOf(CONTENT_EXTENSIONS)) : []
  for (const file of content) if (isContentFile(file)) survey.readContent(file)
  const { inline, used, askedBy, problems, schemas, promptFilesBeyond } = survey
  promptFiles.push(...[...promptFilesBeyond].toSorted())
  return {
    promptFiles,
    files: [...found, ...content, ...survey.beyond, ...promptFilesBeyond],
    askers: [...survey.askers],
    // One after another and with nothing in between, which takes half the time of reading each in its turn.
    texts: promptFiles.map(files.reader('prompt')),
    inline,
    used,
    askedBy,
    problems,
    warnings: survey.warnings,
    schemas: new Set(schemas.keys()),
    content: survey.hasContent ? survey.contentRules() : undefined,
  }
}

/** What a content file asks for, as rules have it read. */
export function findInContent(
  text: string,
  declaring: DeclaringFile,
  { fields, hasPages }: ContentRules,
): ReturnType<typeof findAsked> {
  const isPage = hasPages && isMarkdown(declaring.file)
  return isPage ? findInPage(text, declaring) : findAsked(text, declaring, fields)
}

/** Absolute paths of all folders below `root`, and itself, in which something may be declared. */
export async function findFolders(root: string, exclude: readonly string[]): Promise<string[]> {
  const hidden = HIDDEN_SOURCES.map((name) => `**/${name}{,/**}`)
  const patterns = ['**', ...hidden]
  const found = await findFiles(patterns, openFiles(root), exclude, { onlyDirectories: true })
  return [root, ...found]
}

/** Globs of what bears one of these names, in any folder in which source code may lie. */
function everywhere(names: readonly string[]): string[] {
  const name = `@(${names.join('|')})`
  return [`**/${name}`, `**/@(${HIDDEN_SOURCES.join('|')})/**/${name}`]
}

/** Braces would make a pattern of each, and a file that matches none is held against them all. */
function anyOf(extensions: readonly string[]): string {
  return `*.@(${extensions.join('|')})`
}

async function findFiles(
  patterns: string[],
  { root, search }: ProjectFiles,
  exclude: readonly string[],
  options: GlobOptions = {},
): Promise<string[]> {
  const found = await glob(patterns, {
    cwd: root,
    ignore: [...UNSEARCHED_GLOBS, ...exclude],
    suppressErrors: true,
    // Its type asks for all that Node.js's function is, too; a promise of it is never asked for.
    fs: search as NonNullable<GlobOptions['fs']>,
    ...options,
  })
  const folder = root.endsWith(path.sep) ? root : root + path.sep
  // It finds files in any order, and writes forward slashes on every system.
  const sorted = found.toSorted()
  return sorted.map((name) => folder + (path.sep === '/' ? name : name.replaceAll('/', path.sep)))
}

/** Content shows one picture. */
function namesAll(place: Place): GeminiImageError {
  return new GeminiImageError({
    code: 'NOT_IN_SET',
    what: 'The pictures of all languages are named here, and one is shown.',
    fix: 'name the one in the language of this page: "?each=de" in place of "?by=language".',
    place,
  })
}

/** Only a shortcode of a template asks without the marker. */
function mayBeOurs(text: string, file: string): boolean {
  return text.includes('gemini-image') || (TEMPLATE.test(file) && text.includes('geminiImage'))
}

/** Goes through source files and content, and gathers what they ask for and declare. */
class Survey {
  readonly inline = new Map<DeclarationId, Declaration>()
  readonly used = new Set<DeclarationId>()
  readonly askedBy = new Map<DeclarationId, string[]>()
  readonly problems: GeminiImageError[] = []
  readonly warnings: string[] = []
  readonly schemas = new Map<string, PictureFields>()
  readonly askers = new Set<string>()
  /** Source files of other packages of the workspace that this project imports. */
  readonly beyond = new Set<string>()
  readonly promptFilesBeyond = new Set<string>()
  /** Whether the project has content that we are a part of. */
  hasContent = false
  /** Whether its Markdown asks for pictures as source code does. */
  #hasPages = false
  readonly #files: ProjectFiles
  readonly #readSource: (file: string) => string | undefined
  readonly #readContent: (file: string) => string | undefined
  readonly #index: PromptFileIndex
  readonly #neighbours: Neighbours

  constructor(files: ProjectFiles, index: PromptFileIndex) {
    this.#files = files
    this.#neighbours = new Neighbours(files.root)
    this.#readSource = files.reader('source')
    this.#readContent = files.reader('content')
    this.#index = index
  }

  readSource(file: string): void {
    const text = this.#readSource(file)
    if (text === undefined) return
    this.#follow(text, file)
    const { problems, warnings } = findMistaken(text, file, this.#files.root)
    this.problems.push(...problems)
    this.warnings.push(...warnings)
    // Most files have nothing to do with us.
    if (!mayBeOurs(text, file)) return
    this.#takeRequests(text, file)
    this.#add(text, file, undefined)
    if (!handsOverContent(text)) return
    this.hasContent = true
    this.#hasPages ||= handsOverPages(text)
    const fields = findPictureFields(new Source(text, { file, root: this.#files.root }))
    if (fields) this.schemas.set(file, fields)
  }

  readContent(file: string): void {
    const text = this.#readContent(file)
    if (text === undefined) return
    if (this.#hasPages && isMarkdown(file) && !isSourceFile(file)) this.#takeRequests(text, file)
    this.#add(text, file, this.contentRules())
  }

  contentRules(): ContentRules {
    return { fields: joinFields([...this.schemas.values()]), hasPages: this.#hasPages }
  }

  #takeRequests(text: string, file: string): void {
    for (const request of findRequests(text, file)) {
      const found =
        'patterns' in request ? this.#index.match(request, file) : this.#find(request.file, file)
      this.#take(found, request.selection, file)
    }
  }

  #add(text: string, file: string, content: ContentRules | undefined): void {
    const { root } = this.#files
    const declaring = { file, root }
    const { files, declarations } = content
      ? findInContent(text, declaring, content)
      : findAsked(text, declaring, undefined)
    if (declarations.length > 0 && !this.#mayDeclare(text, file)) return
    for (const { specifier, place } of files) {
      if (isByLanguage(selectionOfId(specifier))) {
        this.problems.push(namesAll(place))
        continue
      }
      const found = this.#find(fileOfId(specifier), file)
      this.#take(found, selectionOfId(specifier), file)
      // What only a bundler can resolve may be anywhere.
      if (found.length === 0 && /^\.\.?\//.test(specifier))
        this.problems.push(noPromptFile(specifier, place))
    }
    for (const declaration of declarations) {
      if (isGeminiImageError(declaration)) this.problems.push(declaration)
      else {
        this.askers.add(file)
        this.inline.set(declaration.id, declaration)
        this.used.add(declaration.id)
      }
    }
  }

  /** Whether what a file declares may become text for a model; why it may not is noted. */
  #mayDeclare(text: string, file: string): boolean {
    const { root } = this.#files
    try {
      this.#files.assertForModels(isContentFile(file) ? 'content' : 'source', file, text)
      return true
    } catch (error) {
      this.askers.add(file)
      this.problems.push(oursOrThrow(error).at(startOf(root, file)))
      return false
    }
  }

  /** The prompt files that a specifier may mean. */
  #find(specifier: string, file: string): readonly string[] {
    const beyond = this.#neighbours.resolve(specifier, file)
    if (beyond !== undefined) return [beyond]
    return isBelow(this.#files.root, file) ? this.#index.resolve(specifier, file) : []
  }

  #take(promptFiles: readonly string[], selection: string, file: string): void {
    this.askers.add(file)
    for (const promptFile of promptFiles) {
      const id = promptFile + selection
      this.used.add(id)
      const known = this.askedBy.get(id)
      if (!known) this.askedBy.set(id, [file])
      else if (known.at(-1) !== file) known.push(file)
      if (!isBelow(this.#files.root, promptFile)) this.promptFilesBeyond.add(promptFile)
    }
  }

  #follow(text: string, file: string): void {
    for (const specifier of this.#neighbours.specifiersIn(text, file)) {
      const found = this.#neighbours.resolve(specifier, file)
      if (found !== undefined && isSourceFile(found)) this.beyond.add(found)
    }
  }
}
