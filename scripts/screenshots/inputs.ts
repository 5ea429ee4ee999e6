import { hash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'

export const ROOT: string = path.resolve(import.meta.dirname, '../..')
/** Where the pictures of README.md and docs/ lie. */
export const IMAGES: string = path.join(ROOT, 'docs/images')
/** For each picture, the SHA-256 of all that it is made of. */
export const INPUTS: string = path.join(IMAGES, 'inputs.json')

/** SHA-256 of files, by name and content. Pictures count by the lockfile that pins them. */
export function digestOf(patterns: readonly string[]): string {
  const files = globSync(patterns, { cwd: ROOT, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)))
    .toSorted()
  const stems = patterns.map((pattern) => pattern.replace(/[^/]*\*.*$/, ''))
  const lost = stems.find((stem) => !files.some((file) => slashed(file).startsWith(stem)))
  if (lost !== undefined) throw new Error(`Nothing matches ${lost}`)
  const lines = files.map((file) => `${slashed(file)} ${contentDigest(path.join(ROOT, file))}\n`)
  return hash('sha256', lines.join(''))
}

function contentDigest(file: string): string {
  return hash('sha256', readFileSync(file))
}

function slashed(file: string): string {
  return file.replaceAll(path.sep, '/')
}

/** What was written beside the pictures when they were made. */
export function recordedInputs(): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(INPUTS, 'utf8')) as Record<string, string>
}
