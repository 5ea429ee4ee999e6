import path from 'node:path'
import { gatherOptions, type GatheredOptions } from './gather-options.ts'
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
  return judgeOptions(await gatherOptions(options, surroundings.hostRoot), surroundings)
}

/**
 * What was gathered, judged and with every default filled in.
 * @throws {GeminiImageError} `INVALID_OPTION`.
 */
export function judgeOptions(
  { options, config }: GatheredOptions,
  surroundings: Surroundings,
): ResolvedOptions {
  if (config) checkOptions(config.options, `in ${path.basename(config.file)}`)
  return { ...resolveOptions(options, surroundings), configFile: config?.file }
}
