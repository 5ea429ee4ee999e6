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
