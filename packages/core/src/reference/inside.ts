import { realpathSync } from 'node:fs'
import path from 'node:path'

/** Whether a file lies below a folder, symbolic links resolved. What does not exist has none. */
export function isInside(folder: string, file: string): boolean {
  const relative = path.relative(realPath(folder), realPath(file))
  const isAbove = relative === '..' || relative.startsWith(`..${path.sep}`)
  return !isAbove && !path.isAbsolute(relative)
}

function realPath(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return path.resolve(file)
  }
}
