import { statSync } from 'node:fs'
import process from 'node:process'
import {
  GeminiImageError,
  openOptions,
  openProject as open,
  type Mode,
  type Options,
  type Project,
} from '@gemini-image/core'
import { findProjectRoot, openEnv } from '@gemini-image/core/internal'
import type { CommonFlags } from '../command.ts'
import type { Terminal } from '../output/terminal.ts'
import { findSecrets } from './secrets.ts'

/** What a command adds to what the project says. */
export interface Wishes {
  /** Options that beat those of the configuration file. */
  readonly options?: Options | undefined
  /** The mode that the command is about; `GEMINI_IMAGE_MODE` beats it. */
  readonly mode?: Mode | undefined
  /** Looks only: the environment may forbid to generate, and need not hold a key. */
  readonly looksOnly?: boolean | undefined
}

/**
 * Opens the project that a command is called in.
 * @throws {GeminiImageError} `INVALID_ARGUMENT`, `INVALID_OPTION` or `INVALID_CONFIG`.
 */
export async function openProject(
  flags: CommonFlags,
  terminal: Terminal,
  { options, mode, looksOnly = false }: Wishes = {},
): Promise<Project> {
  const root = rootOf(flags)
  const { GEMINI_IMAGE_STORE } = process.env
  const files = { dir: root, warn: terminal.logger.warn }
  const env = looksOnly ? { env: { GEMINI_IMAGE_STORE } } : openEnv(files, process.env)
  const surroundings = {
    hostRoot: process.cwd(),
    ...env,
    logger: terminal.logger,
    hostMode: mode,
  }
  const opened = await openOptions({ root: flags.root, ...options }, surroundings)
  terminal.hide(findSecrets(root, opened.definition.credentials))
  return open(opened)
}

/**
 * The folder that a command is called for.
 * @throws {GeminiImageError} `INVALID_ARGUMENT` where `--root` names none.
 */
export function rootOf({ root }: CommonFlags): string {
  const found = findProjectRoot(root, process.cwd())
  if (statSync(found, { throwIfNoEntry: false })?.isDirectory()) return found
  throw new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `--root is "${root}", and there is no such folder.`,
    fix: 'write the folder of the site, from here or as an absolute path.',
  })
}
