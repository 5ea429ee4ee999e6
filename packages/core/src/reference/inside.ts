import { realpathSync } from 'node:fs'
import path from 'node:path'

/** Whether a file lies below a folder, symbolic links resolved. What does not exist has none. */
export function isInside(folder: string, file: string): boolean {
  const relative = path.relative(realPath(folder) ?? folder, realPath(file) ?? file)
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
