import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { openOptions, openProject, type Project } from '@gemini-image/core'
import {
  CONFIG_FILES,
  findProjectRoot,
  isUnsearched,
  openFiles,
  PromptFileIndex,
  scanProject,
  type ContentRules,
} from '@gemini-image/core/internal'
import type { Terminal } from '../output/terminal.ts'
import { findSecrets } from '../project/secrets.ts'

/** What the source of a project says beside a document. */
export interface Surroundings {
  readonly content: ContentRules | undefined
  readonly promptFiles: PromptFileIndex
}

/** Which folders the editor has open, and what is known of the projects in them. */
export class Workspace {
  readonly #terminal: Terminal
  /** The one project, where the command line names it. */
  readonly #root: string | undefined
  #folders: readonly string[]
  readonly #projects = new Map<
    string,
    { readonly stamp: string; readonly opened: Promise<Project> }
  >()
  readonly #surroundings = new Map<string, Promise<Surroundings>>()

  /** @param folder Where the command was called, for editors that name no folder. */
  constructor(terminal: Terminal, root: string | undefined, folder: string) {
    this.#terminal = terminal
    this.#root = root
    this.#folders = [root ?? folder]
  }

  /** Takes the folders that the editor has open. Where a project was named, nothing else is looked at. */
  open(uris: readonly string[]): void {
    const folders = uris.flatMap((uri) => fileOf(uri) ?? [])
    if (this.#root === undefined && folders.length > 0) this.#folders = folders
  }

  /** The root of the project that a file belongs to; `undefined` for one that is not to be looked at. */
  rootOf(file: string): string | undefined {
    const folder = this.#folders.find((one) => isIn(one, file))
    if (folder === undefined) return undefined
    const root = this.#root ?? nearestProject(path.dirname(file), folder)
    if (!isIn(root, file) || isUnsearched(file, root)) return undefined
    try {
      // Links are followed by the gate, which lets nothing lead out.
      for (const gate of [folder, root]) openFiles(gate).assertReachable('reference', file)
      return root
    } catch {
      return undefined
    }
  }

  /**
   * A project as its configuration is now. It has no key, and no shared store: it looks, and nothing more.
   * @throws {GeminiImageError} `INVALID_CONFIG` or `INVALID_OPTION`.
   */
  project(root: string): Promise<Project> {
    const stamp = stampOf(root)
    const known = this.#projects.get(root)
    if (known?.stamp === stamp) return known.opened
    const opened = this.#open(root)
    this.#projects.set(root, { stamp, opened })
    // Its failure is told to whoever asks.
    opened.catch(() => undefined)
    return opened
  }

  async #open(root: string): Promise<Project> {
    const { logger } = this.#terminal
    const options = await openOptions({ root }, { hostRoot: root, env: {}, logger })
    this.#terminal.hide(findSecrets(root, options.definition.credentials))
    return openProject({ ...options, shared: undefined })
  }

  /** What the rest of the source says, as it was when a file was saved last. */
  async surroundings({ options: { root, exclude } }: Project): Promise<Surroundings> {
    const known = this.#surroundings.get(root) ?? surroundingsOf(root, exclude)
    this.#surroundings.set(root, known)
    return known
  }

  /** The source has changed on disk. */
  forget(): void {
    this.#surroundings.clear()
  }
}

async function surroundingsOf(root: string, exclude: readonly string[]): Promise<Surroundings> {
  const { content, promptFiles } = await scanProject(root, exclude)
  return { content, promptFiles: new PromptFileIndex(promptFiles, root) }
}

/** The path of a document; `undefined` for one that is no file. */
export function fileOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? path.normalize(fileURLToPath(uri)) : undefined
  } catch {
    return undefined
  }
}

/** The nearest folder that is a project of ours, up to the one that the editor has open; or else the nearest package. */
function nearestProject(start: string, top: string): string {
  for (let dir = start; isIn(top, dir); dir = path.dirname(dir)) {
    if ([...CONFIG_FILES, 'gemini-image.lock'].some((name) => existsSync(path.join(dir, name)))) {
      return dir
    }
    if (dir === path.dirname(dir)) break
  }
  const found = findProjectRoot(undefined, start)
  return isIn(top, found) ? found : top
}

function isIn(folder: string, file: string): boolean {
  const relative = path.relative(folder, file)
  return !relative.startsWith('..') && !path.isAbsolute(relative)
}

/** Changes whenever a configuration file does. */
function stampOf(root: string): string {
  const stats = CONFIG_FILES.map((name) =>
    statSync(path.join(root, name), { throwIfNoEntry: false }),
  )
  return stats.map((one) => `${one?.mtimeMs} ${one?.size}`).join()
}
