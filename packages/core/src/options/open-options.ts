import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { GeminiImageError } from '../errors/error.ts'
import { findConfigFile, readConfigFile } from './config-file.ts'
import type { Options } from './options.ts'
import {
  checkOptions,
  resolveOptions,
  type ResolvedOptions,
  type Surroundings,
} from './resolve-options.ts'

/**
 * The options of a project: those of its configuration file, with the given ones over them, one by
 * one. Every host and the command begin with this.
 * @param options What the plugin or the command line says; what is `undefined` says nothing.
 * @throws {GeminiImageError} `INVALID_OPTION` or `INVALID_CONFIG`.
 */
export async function openOptions(
  options: Options,
  surroundings: Surroundings,
): Promise<ResolvedOptions> {
  const start = findProjectRoot(options.root, surroundings.hostRoot)
  assertFolder(start)
  const config = await readConfigFile(start)
  if (config) checkOptions(config.options, `in ${path.basename(config.file)}`)
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  const root = path.resolve(start, (options.root === undefined && config?.options.root) || '.')
  assertFolder(root)
  const merged: Options = { ...config?.options, ...Object.fromEntries(given), root }
  return { ...resolveOptions(merged, surroundings), configFile: config?.file }
}

/**
 * The folder that an option names, or else the nearest one, from the host's upwards, that is a
 * project.
 */
export function findProjectRoot(option: string | undefined, hostRoot: string): string {
  if (option !== undefined) return path.resolve(hostRoot, option)
  const markers = ['gemini-image.lock', 'package.json']
  for (let dir = path.resolve(hostRoot); ; dir = path.dirname(dir)) {
    if (findConfigFile(dir) || markers.some((name) => existsSync(path.join(dir, name)))) return dir
    if (dir === path.dirname(dir)) return path.resolve(hostRoot)
  }
}

/** A root that is not there would pass for a project without pictures. */
function assertFolder(root: string): void {
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory()) return
  throw new GeminiImageError({
    code: 'INVALID_OPTION',
    what: `The root ${root} is not a folder.`,
    fix: 'mend the option "root": an absolute path, or one from the folder in which you work.',
  })
}
