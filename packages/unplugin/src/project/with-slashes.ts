import path from 'node:path'

/** A path as bundlers write it: with forward slashes on every system. */
export function withSlashes(file: string): string {
  return path.posix.normalize(path.sep === '/' ? file : file.replaceAll(path.sep, '/'))
}
