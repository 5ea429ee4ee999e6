import path from 'node:path'
import {
  findSpecifiers,
  formatPlace,
  isPromptFile,
  PromptFileIndex,
  type Declared,
} from '@gemini-image/core'
import type {
  EnvironmentModuleGraph,
  EnvironmentModuleNode,
  HotUpdateOptions,
  ViteDevServer,
} from 'vite'
import { parsePictureModuleId } from '../picture-module.ts'
import type { Session } from './session.ts'

/** What keeps a dev server's pictures up to date. */
export interface DevPictures {
  /** A file was saved: spends after a quiet while, never at once. */
  onSave(update: Pick<HotUpdateOptions, 'file' | 'read' | 'type'>): Promise<void>
  /** Forgets what is waiting. */
  stop(): void
}

/**
 * Watches over the pictures of a dev server. Money is spent for two reasons only: the server
 * started, or a file was saved. No request can cause it.
 */
export function createDevPictures(session: Session, server: ViteDevServer): DevPictures {
  const { engine, declarations, config } = session
  const waiting = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  const report = (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error)
    config.logger.error(`[gemini-image] ${message}`, { timestamp: true })
  }

  const generate = async (): Promise<void> => {
    const files = [...waiting]
    waiting.clear()
    try {
      await engine.generate(files, (file) => void showPicture(file, session, server))
    } catch (error) {
      report(error)
    }
  }

  const schedule = (files: Iterable<string>, delay: number): void => {
    for (const file of files) waiting.add(file)
    clearTimeout(timer)
    if (waiting.size > 0) timer = setTimeout(() => void generate(), delay)
  }

  const start = async (): Promise<void> => {
    const { rows, problems } = await engine.plan()
    for (const { declared } of rows) declarations.add(declared.file)
    for (const { place } of problems) if (place) declarations.add(place.file)
    const missing = rows.filter(({ state }) => state === 'missing').map((row) => row.declared)
    if (missing.length > 0) announceStandIns(missing, session)
    schedule(
      missing.map(({ file }) => file),
      0,
    )
  }

  whenServing(server, () => void start().catch(report))
  return {
    onSave: async ({ file, read, type }) => {
      if (type === 'delete') return
      const named = isPromptFile(file) ? [file] : await namedFiles(file, await read())
      if (!isPromptFile(file)) for (const promptFile of named) declarations.add(promptFile)
      schedule(
        named.filter((promptFile) => declarations.has(promptFile)),
        engine.options.quietPeriod,
      )
    },
    stop: () => {
      clearTimeout(timer)
      engine.close()
    },
  }
}

/**
 * Runs `start` once the server serves people. Tools that create a server only to transform modules
 * (a test runner, a type generator) never listen, and so never spend.
 */
function whenServing({ httpServer, config }: ViteDevServer, start: () => void): void {
  if (httpServer) httpServer.once('listening', start)
  // In middleware mode someone else listens; without hot updates nobody watches.
  else if (config.server.hmr !== false && config.mode !== 'test') start()
}

function announceStandIns(missing: readonly Declared[], { engine }: Session): void {
  const { provider, mode, logger } = engine.options
  if (mode !== 'auto' || provider) return
  const count = missing.length === 1 ? '1 placeholder is' : `${missing.length} placeholders are`
  const list = missing.map(({ place }) => `\n  ${formatPlace(place)}`).join('')
  logger.warn(
    `${count} shown, because there is no API key to generate with:${list}\n  Set GEMINI_API_KEY (https://aistudio.google.com/apikey) to get the real pictures.`,
  )
}

/** The prompt files that a source file names by relative paths; others follow when they are imported. */
async function namedFiles(file: string, source: string): Promise<string[]> {
  const relative = findSpecifiers(source).filter((specifier) => /^\.\.?\//.test(specifier))
  const named = relative.map((specifier) => path.resolve(path.dirname(file), specifier))
  const index = new PromptFileIndex(named)
  return relative.flatMap((specifier) => [...index.resolve(specifier, file)])
}

/** Brings a picture that has landed to the browser, and to modules on the server. */
async function showPicture(
  promptFile: string,
  session: Session,
  server: ViteDevServer,
): Promise<void> {
  for (const environment of Object.values(server.environments)) {
    for (const module of modulesOf(promptFile, session, environment.moduleGraph)) {
      await environment.reloadModule(module)
    }
  }
  if (session.pages.has(promptFile)) server.environments.client.hot.send({ type: 'full-reload' })
}

/** The modules that change with a prompt file: its picture modules, and stylesheets that name it. */
export function modulesOf(
  promptFile: string,
  { stylesheets }: Session,
  graph: EnvironmentModuleGraph,
): EnvironmentModuleNode[] {
  const pictures = [...graph.idToModuleMap]
    .filter(([id]) => parsePictureModuleId(id)?.promptFile === promptFile)
    .map(([, module]) => module)
  const styles = [...(stylesheets.get(promptFile) ?? [])].flatMap((file) => [
    ...(graph.getModulesByFile(file) ?? []),
  ])
  return [...pictures, ...styles]
}
