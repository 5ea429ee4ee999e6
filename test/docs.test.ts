import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { pages } from '../scripts/docs/pages.ts'

/** The formatter aligns tables and fences; what they say is what counts. */
function words(text: string): string {
  return text.replaceAll(/[\s-]+/g, ' ').trim()
}

test('the generated pages say what the code does now ("pnpm docs" writes them)', async () => {
  for (const [name, text] of Object.entries(await pages())) {
    const file = path.resolve(import.meta.dirname, '../docs', name)
    expect(`${name} ${words(await readFile(file, 'utf8'))}`).toBe(`${name} ${words(text)}`)
  }
})

const ROOT = path.resolve(import.meta.dirname, '..')

/** A statement that makes its reader wait for the subject. Questions are fine, and so are labels like `What it shows:`. */
const BACKWARDS =
  /(?<=^|[.!;]\s|\n\n|\n\s*(?:[-*]|\d+\.) )(?:What|Whether|Who|Whoever|Whatever)\s[^.?:]*\./g

/** What people read of a page: no code, no tables, no headings. */
function prose(text: string): string {
  return text
    .replaceAll(/^ *(```|~~~)[^]*?^ *\1/gm, '')
    .replaceAll(/`[^`\n]*`/g, '…')
    .replaceAll(/^[#|].*$/gm, '')
}

test('no sentence of a page begins with What, Whether or Who', async () => {
  const files = globSync(
    ['*.md', 'docs/**/*.{md,mdx}', 'packages/*/README.md', '.changeset/*.md'],
    { cwd: ROOT, exclude: (name) => name.includes('node_modules') },
  )
  const found: string[] = []
  for (const file of files) {
    const text = await readFile(path.join(ROOT, file), 'utf8')
    for (const [sentence] of prose(text).matchAll(BACKWARDS)) found.push(`${file}: ${sentence}`)
  }
  expect(files.length).toBeGreaterThan(25)
  expect(found).toEqual([])
})

test('no message begins with What, Whether or Who', async () => {
  const files = globSync('packages/*/src/**/*.{ts,tsx}', {
    cwd: ROOT,
    // A template's slots are told by labels.
    exclude: (name) => name.includes('templates'),
  })
  const found: string[] = []
  for (const file of files) {
    const text = await readFile(path.join(ROOT, file), 'utf8')
    for (const [message] of text.matchAll(
      /['"`](?:What|Whether|Who|Whoever|Whatever) [^'"`\n?:]*\./g,
    )) {
      found.push(`${file}: ${message}`)
    }
  }
  expect(found).toEqual([])
})
