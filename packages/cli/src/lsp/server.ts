import { createRequire } from 'node:module'
import process from 'node:process'
import { isGeminiImageError, type Project } from '@gemini-image/core'
import {
  createConnection,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  MarkupKind,
  ProposedFeatures,
  ResponseError,
  TextDocumentSyncKind,
  type CompletionItem,
  type Connection,
  type Hover,
  type InitializeParams,
  type InitializeResult,
  type Location,
  type Position,
  type Range,
} from 'vscode-languageserver/node'
import type { Terminal } from '../output/terminal.ts'
import { completePreset, completeSettings } from './complete.ts'
import { toDiagnostics } from './diagnostics.ts'
import { picturesOf, rowsAt, showRows, withoutMarkdown, type Look } from './hover.ts'
import { locationOf, targetAt } from './look.ts'
import { readDocument, type Opened, type Reading } from './reading.ts'
import { describe, schemasAt } from './schema.ts'
import { settingsAt } from './settings-at.ts'
import { fileOf, Workspace } from './workspace.ts'

/** What the command hands to the server. */
export interface Serving {
  /** The one project to look at; `undefined` for those in the folders that the editor has open. */
  readonly root: string | undefined
  readonly folder: string
  readonly terminal: Terminal
}

/** Milliseconds of quiet before a text that is being typed is looked at. */
const QUIET = 120

/**
 * Speaks the Language Server Protocol on the standard streams.
 * @returns once the client has ended it, or its streams have: whether in order.
 */
export function serveEditor({ root, folder, terminal }: Serving): Promise<boolean> {
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout)
  const server = new EditorServer(connection, new Workspace(terminal, root, folder), terminal)
  return server.serve()
}

/** A document with the project that it belongs to. */
interface Belonging {
  readonly document: Opened
  readonly project: Project
}

class EditorServer {
  readonly #connection: Connection
  readonly #workspace: Workspace
  readonly #terminal: Terminal
  readonly #documents = new Map<string, Opened>()
  readonly #timers = new Map<string, NodeJS.Timeout>()
  #look: Look & { readonly isPlain: boolean } = { takesWidth: false, isPlain: false }
  #canWatch = false

  constructor(connection: Connection, workspace: Workspace, terminal: Terminal) {
    this.#connection = connection
    this.#workspace = workspace
    this.#terminal = terminal
  }

  serve(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const connection = this.#connection
    let isShutDown = false
    connection.onInitialize((params) => this.#initialize(params))
    connection.onInitialized(() => this.#watch())
    connection.onShutdown(() => {
      isShutDown = true
    })
    connection.onExit(() => resolve(isShutDown))
    process.stdin.once('end', () => resolve(isShutDown))
    process.stdin.once('close', () => resolve(isShutDown))
    this.#onDocuments()
    connection.onCompletion(({ textDocument, position }) =>
      this.#answer(textDocument.uri, [], (one) => this.#complete(one, position)),
    )
    connection.onHover(({ textDocument, position }) =>
      this.#answer(textDocument.uri, undefined, (one) => this.#hover(one, position)),
    )
    connection.onDefinition(({ textDocument, position }) =>
      this.#answer(textDocument.uri, undefined, (one) => this.#define(one, position)),
    )
    connection.listen()
    return promise
  }

  #initialize({ capabilities, clientInfo, ...params }: InitializeParams): InitializeResult {
    const uris = params.workspaceFolders?.map(({ uri }) => uri) ?? []
    this.#workspace.open(uris.length > 0 || !params.rootUri ? uris : [params.rootUri])
    const formats = capabilities.textDocument?.hover?.contentFormat
    this.#look = {
      takesWidth: /code|codium|cursor|windsurf/i.test(clientInfo?.name ?? ''),
      isPlain: formats !== undefined && !formats.includes(MarkupKind.Markdown),
    }
    this.#canWatch = capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration ?? false
    const { version } = createRequire(import.meta.url)('../package.json') as { version: string }
    return {
      capabilities: {
        textDocumentSync: {
          openClose: true,
          change: TextDocumentSyncKind.Full,
          save: { includeText: false },
        },
        completionProvider: { triggerCharacters: [':', ' ', '/', '.', "'", '"', '=', '{', '-'] },
        hoverProvider: true,
        definitionProvider: true,
      },
      serverInfo: { name: 'gemini-image', version },
    }
  }

  /** Asks to be told of what others write: pictures that land, configuration, source. */
  async #watch(): Promise<void> {
    if (!this.#canWatch) return
    const watchers = ['**/*.prompt.md', '**/gemini-image.{lock,config.*}'].map((globPattern) => ({
      globPattern,
    }))
    await this.#connection.client
      .register(DidChangeWatchedFilesNotification.type, { watchers })
      .catch((error: unknown) => this.#defect(error))
  }

  #onDocuments(): void {
    const connection = this.#connection
    connection.onDidOpenTextDocument(({ textDocument: { uri, version, text } }) =>
      this.#take(uri, version, text),
    )
    connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
      const text = contentChanges.at(-1)?.text
      if (text !== undefined) this.#take(uri, version, text)
    })
    connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
      clearTimeout(this.#timers.get(uri))
      if (this.#documents.delete(uri)) void connection.sendDiagnostics({ uri, diagnostics: [] })
    })
    const renew = (): void => {
      this.#workspace.forget()
      for (const uri of this.#documents.keys()) this.#schedule(uri)
    }
    connection.onDidSaveTextDocument(renew)
    connection.onDidChangeWatchedFiles(renew)
  }

  #take(uri: string, version: number, written: string): void {
    const file = fileOf(uri)
    if (file === undefined) return
    // Lines and columns stay what they are.
    const text = written.replaceAll('\r\n', '\n').replaceAll('\r', '\n')
    this.#documents.set(uri, { uri, file, version, text })
    this.#schedule(uri)
  }

  #schedule(uri: string): void {
    clearTimeout(this.#timers.get(uri))
    const timer = setTimeout(() => void this.#check(uri), QUIET)
    this.#timers.set(uri, timer)
  }

  async #check(uri: string): Promise<void> {
    const document = this.#documents.get(uri)
    const root = document && this.#workspace.rootOf(document.file)
    if (!document || root === undefined) return
    const { version } = document
    try {
      const reading = await this.#readingIn(root, document)
      // What was typed meanwhile is looked at next.
      if (this.#documents.get(uri)?.version !== version) return
      const diagnostics = toDiagnostics(reading, document)
      await this.#connection.sendDiagnostics({ uri, version, diagnostics })
    } catch (error) {
      this.#defect(error)
    }
  }

  async #readingIn(
    root: string,
    document: Opened,
  ): Promise<Pick<Reading, 'problems' | 'warnings'>> {
    try {
      return await this.#read({ document, project: await this.#workspace.project(root) })
    } catch (error) {
      // A configuration or a lockfile that cannot be read.
      if (isGeminiImageError(error)) return { problems: [error], warnings: [] }
      throw error
    }
  }

  #read({ document, project }: Belonging): Promise<Reading> {
    return readDocument(document, project, () => this.#workspace.surroundings(project))
  }

  /** Answers a question about a document of a project; nothing ends the server. */
  async #answer<Answer>(
    uri: string,
    none: Answer,
    answer: (belonging: Belonging) => Promise<Answer>,
  ): Promise<Answer> {
    const document = this.#documents.get(uri)
    const root = document && this.#workspace.rootOf(document.file)
    if (!document || root === undefined) return none
    try {
      return await answer({ document, project: await this.#workspace.project(root) })
    } catch (error) {
      // It is shown where it stands.
      if (isGeminiImageError(error)) return none
      this.#defect(error)
      throw new ResponseError(ErrorCodes.InternalError, 'gemini-image did not expect this.')
    }
  }

  #defect(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    this.#terminal.say(`DEFECT\n${text}`)
  }

  async #complete({ document, project }: Belonging, at: Position): Promise<CompletionItem[]> {
    const { text, file } = document
    const offset = offsetOf(text, at)
    const rangeOf = (start: number, end: number): Range => ({
      start: positionOf(text, start),
      end: positionOf(text, end),
    })
    const presets = completePreset(text, offset, project, rangeOf)
    if (presets.length > 0) return presets
    const { content } = await this.#workspace.surroundings(project)
    const cursor = settingsAt(text, file, offset, content)
    return cursor ? completeSettings(cursor, document, project, rangeOf) : []
  }

  async #hover({ document, project }: Belonging, at: Position): Promise<Hover | undefined> {
    const { text, file } = document
    const reading = await this.#read({ document, project })
    const target = targetAt(document, at, reading, project)
    if (target?.kind === 'picture') {
      return this.#markup(showRows(await picturesOf(target.id, project), project, this.#look))
    }
    const word = wordAt(text, offsetOf(text, at))
    const { content } = await this.#workspace.surroundings(project)
    const cursor = word && settingsAt(text, file, word.end, content)
    if (word && cursor?.kind === 'key' && cursor.typed === word.text) {
      const schemas = schemasAt([...cursor.path, word.text], cursor.known)
      if (schemas.length > 0) return this.#markup(describe(word.text, schemas))
    }
    return this.#markup(showRows(rowsAt(document, at.line, reading), project, this.#look))
  }

  #markup(markdown: string): Hover | undefined {
    if (markdown === '') return undefined
    const clean = this.#terminal.clean(markdown)
    return this.#look.isPlain
      ? { contents: { kind: MarkupKind.PlainText, value: withoutMarkdown(clean) } }
      : { contents: { kind: MarkupKind.Markdown, value: clean } }
  }

  async #define({ document, project }: Belonging, at: Position): Promise<Location | undefined> {
    const reading = await this.#read({ document, project })
    const target = targetAt(document, at, reading, project)
    return target && locationOf(target, project)
  }
}

function offsetOf(text: string, { line, character }: Position): number {
  let start = 0
  for (let number = 0; number < line; number += 1) {
    const next = text.indexOf('\n', start)
    if (next === -1) return text.length
    start = next + 1
  }
  const end = text.indexOf('\n', start)
  return Math.min(start + character, end === -1 ? text.length : end)
}

function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset)
  const start = before.lastIndexOf('\n') + 1
  const line = before.split('\n').length - 1
  return { line, character: offset - start }
}

/** The word around an offset, of the signs that names of settings have. */
function wordAt(
  text: string,
  offset: number,
): { readonly text: string; readonly end: number } | undefined {
  const [before = ''] = /[\w-]*$/.exec(text.slice(Math.max(0, offset - 100), offset)) ?? []
  const [after = ''] = /^[\w-]*/.exec(text.slice(offset, offset + 100)) ?? []
  const word = before + after
  return word === '' ? undefined : { text: word, end: offset + after.length }
}
