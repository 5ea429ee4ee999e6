import path from 'node:path'
import { withSlashes } from './with-slashes.ts'

/** How a module in `folder` names a file. Without a dot and a slash before it, it would be a package. */
export function relativeTo(folder: string, file: string): string {
  const relative = withSlashes(path.relative(folder, file))
  return /^\.\.?\//.test(relative) ? relative : `./${relative}`
}
