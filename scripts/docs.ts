import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { pages } from './docs/pages.ts'

// The tables in docs/ and the client types of forms are generated from the lists that the code itself goes by.
const docs = path.resolve(import.meta.dirname, '../docs')
for (const [name, text] of Object.entries(await pages())) {
  writeFileSync(path.join(docs, name), `${text}\n`)
}
