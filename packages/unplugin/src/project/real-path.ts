import { realpathSync } from 'node:fs'
import { withSlashes } from './with-slashes.ts'

/**
 * The path of a file that a host names by a link to a package of the workspace, as it does where it is told to keep links:
 * one file has one id. Paths of no installed package stay as they are.
 */
export function realPath(file: string): string {
  if (!file.includes('/node_modules/')) return file
  try {
    return withSlashes(realpathSync.native(file))
  } catch {
    // It exists for the host alone.
    return file
  }
}
