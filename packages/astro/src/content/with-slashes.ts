/** A path as Vite writes it: with forward slashes on every system. */
export function withSlashes(file: string): string {
  return file.replaceAll('\\', '/')
}
