import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'

// The build of the command calls it in the package's folder: the pages that `gemini-image explain` names are those of
// the version that is installed, and can be read without a network.
const docs = path.resolve(import.meta.dirname, '../docs')
const folder = path.resolve(process.cwd(), 'docs')
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder)
for (const name of globSync('*.md', { cwd: docs })) {
  const text = readFileSync(path.join(docs, name), 'utf8')
  writeFileSync(path.join(folder, name), withoutScreenshots(text))
}

/** Screenshots stay in the repository: they weigh more than all pages. */
function withoutScreenshots(text: string): string {
  return text.replaceAll(/^<picture>\n(?:(?!<\/picture>)[^])*?images\/[^]*?<\/picture>\n\n?/gm, '')
}
