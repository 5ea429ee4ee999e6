import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { onTestFinished } from 'vitest'
import {
  CompletionRequest,
  createProtocolConnection,
  DefinitionRequest,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DidSaveTextDocumentNotification,
  ExitNotification,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  PublishDiagnosticsNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type CompletionItem,
  type InitializeResult,
  type Location,
  type MarkupContent,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol/node'
import { CLI } from '../support/process.ts'
import type { Site } from '../support/site.ts'

/** The place of a cursor in a text: where this sign stands, which is no part of it. */
const CURSOR = '¦'

/** An editor with one folder open, as a person uses it. */
export interface Editor {
  readonly child: ChildProcess
  readonly connection: ProtocolConnection
  readonly initialized: InitializeResult
  /** What the server has written to its standard error so far. */
  log(): string
  /** Opens a document, or types another text into it, and waits for what the server says of that text. */
  type(file: string, text: string): Promise<PublishDiagnosticsParams['diagnostics']>
  /** The same without waiting. */
  send(file: string, text: string): Promise<void>
  save(file: string): Promise<void>
  close(file: string): Promise<void>
  /** What is proposed at the cursor (`¦`) of a text. */
  complete(file: string, text: string): Promise<readonly CompletionItem[]>
  hover(file: string, text: string): Promise<string | undefined>
  define(file: string, text: string): Promise<string | undefined>
  /** What documents were told anything of, by their addresses. */
  readonly told: ReadonlyMap<string, PublishDiagnosticsParams>
  /** Ends the server as editors do, and gives its exit code. */
  end(): Promise<number | null>
}

/** How an editor introduces itself. */
export interface Client {
  readonly name: string
  readonly formats: readonly ('markdown' | 'plaintext')[]
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

/** Starts `gemini-image lsp` as an editor does, over the library that VS Code's client is made of. */
export async function openEditor(
  site: Pick<Site, 'root'>,
  { name = 'test', formats = ['markdown'], args = [], env = {} }: Partial<Client> = {},
): Promise<Editor> {
  const child = spawn(process.execPath, [CLI, 'lsp', '--stdio', ...args], {
    cwd: site.root,
    env: { ...process.env, ...env },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  )
  connection.listen()
  const uri = pathToFileURL(site.root).href
  const initialized = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    clientInfo: { name },
    rootUri: uri,
    workspaceFolders: [{ uri, name: 'site' }],
    capabilities: { textDocument: { hover: { contentFormat: [...formats] } } },
  })
  await connection.sendNotification(InitializedNotification.type, {})
  return new Typing(site, child, connection, initialized, () => log)
}

class Typing implements Editor {
  readonly child: ChildProcess
  readonly connection: ProtocolConnection
  readonly initialized: InitializeResult
  readonly log: () => string
  readonly told = new Map<string, PublishDiagnosticsParams>()
  readonly #site: Pick<Site, 'root'>
  readonly #versions = new Map<string, number>()
  readonly #waiting = new Map<string, (told: PublishDiagnosticsParams) => void>()

  constructor(
    site: Pick<Site, 'root'>,
    child: ChildProcess,
    connection: ProtocolConnection,
    initialized: InitializeResult,
    log: () => string,
  ) {
    this.#site = site
    this.child = child
    this.connection = connection
    this.initialized = initialized
    this.log = log
    connection.onNotification(PublishDiagnosticsNotification.type, (told) => {
      this.told.set(told.uri, told)
      this.#waiting.get(`${told.uri} ${told.version}`)?.(told)
    })
  }

  uriOf(file: string): string {
    return pathToFileURL(file.startsWith('/') ? file : `${this.#site.root}/${file}`).href
  }

  readonly type = async (
    file: string,
    text: string,
  ): Promise<PublishDiagnosticsParams['diagnostics']> => {
    const uri = this.uriOf(file)
    const { promise, resolve } = Promise.withResolvers<PublishDiagnosticsParams>()
    this.#waiting.set(`${uri} ${(this.#versions.get(uri) ?? 0) + 1}`, resolve)
    await this.send(file, text)
    return (await promise).diagnostics
  }

  readonly send = async (file: string, text: string): Promise<void> => {
    const uri = this.uriOf(file)
    const version = (this.#versions.get(uri) ?? 0) + 1
    this.#versions.set(uri, version)
    if (version === 1) {
      const textDocument = { uri, languageId: 'markdown', version, text }
      await this.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument })
    } else {
      const contentChanges = [{ text }]
      const changed = { textDocument: { uri, version }, contentChanges }
      await this.connection.sendNotification(DidChangeTextDocumentNotification.type, changed)
    }
  }

  readonly save = async (file: string): Promise<void> => {
    const textDocument = { uri: this.uriOf(file) }
    await this.connection.sendNotification(DidSaveTextDocumentNotification.type, { textDocument })
  }

  readonly close = async (file: string): Promise<void> => {
    const uri = this.uriOf(file)
    this.#versions.delete(uri)
    const textDocument = { uri }
    await this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument })
  }

  readonly complete = async (file: string, text: string): Promise<readonly CompletionItem[]> => {
    const found = await this.connection.sendRequest(
      CompletionRequest.type,
      await this.#at(file, text),
    )
    return Array.isArray(found) ? found : (found?.items ?? [])
  }

  readonly hover = async (file: string, text: string): Promise<string | undefined> => {
    const found = await this.connection.sendRequest(HoverRequest.type, await this.#at(file, text))
    return (found?.contents as MarkupContent | undefined)?.value
  }

  readonly define = async (file: string, text: string): Promise<string | undefined> => {
    const at = await this.#at(file, text)
    const found = (await this.connection.sendRequest(DefinitionRequest.type, at)) as Location | null
    return found ? `${found.uri}:${found.range.start.line}` : undefined
  }

  async #at(file: string, marked: string): Promise<CompletionPlace> {
    const before = marked.slice(0, marked.indexOf(CURSOR))
    await this.send(file, marked.replace(CURSOR, ''))
    const lines = before.split('\n')
    const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 }
    return { textDocument: { uri: this.uriOf(file) }, position }
  }

  readonly end = async (): Promise<number | null> => {
    const closed = once(this.child, 'close')
    await this.connection.sendRequest(ShutdownRequest.type)
    await this.connection.sendNotification(ExitNotification.type)
    const [code] = (await closed) as [number | null]
    return code
  }
}

interface CompletionPlace {
  readonly textDocument: { readonly uri: string }
  readonly position: { readonly line: number; readonly character: number }
}

/** Writes a proposal into a text, as an editor does. */
export function accept(marked: string, { textEdit }: CompletionItem): string {
  const text = marked.replace(CURSOR, '')
  if (!textEdit || !('range' in textEdit)) throw new Error('It says not where it goes.')
  const { start, end } = textEdit.range
  const lines = text.split('\n')
  const line = lines[start.line] ?? ''
  const written = line.slice(0, start.character) + textEdit.newText + line.slice(end.character)
  return lines.with(start.line, written).join('\n')
}
