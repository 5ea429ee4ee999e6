import { realpathSync } from 'node:fs'
import path from 'node:path'

/** Whether a file lies below a folder, symbolic links resolved. What does not exist has none. */
export function isInside(folder: string, file: string): boolean {
  return isBelow(realPath(folder) ?? folder, realPath(file) ?? file)
}

/** Whether a path is that of a folder, or lies below it; the file system is not asked. */
export function isBelow(folder: string, file: string): boolean {
  const relative = path.relative(folder, file)
  const isAbove = relative === '..' || relative.startsWith(`..${path.sep}`)
  return !isAbove && !path.isAbsolute(relative)
}

/** The path with symbolic links resolved; `undefined` where nothing is there. */
export function realPath(file: string): string | undefined {
  try {
    return realpathSync(file)
  } catch {
    return undefined
  }
}
