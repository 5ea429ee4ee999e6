import path from 'node:path'
import { withSlashes } from './with-slashes.ts'

/** How a module in `folder` names a file. Without a dot and a slash before it, it would be a package. */
export function relativeTo(folder: string, file: string): string {
  const relative = withSlashes(path.relative(folder, file))
  return /^\.\.?\//.test(relative) ? relative : `./${relative}`
}

/** As {@link relativeTo}, for many files of few folders: each folder is looked at once. */
export function relativeToAll(folder: string): (file: string) => string {
  const folders = new Map<string, string>()
  return (file) => {
    const end = file.lastIndexOf(path.sep) + 1
    const of = file.slice(0, end)
    const known = folders.get(of) ?? relativeTo(folder, path.join(of, '_')).slice(0, -1)
    folders.set(of, known)
    return known + file.slice(end)
  }
}
