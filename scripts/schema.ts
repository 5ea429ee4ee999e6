import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { schemas } from './schema/schemas.ts'

// A package's build calls it in its own folder: what is packed is always what the code takes.
const folder = path.resolve(process.cwd(), 'schema')
mkdirSync(folder, { recursive: true })
for (const [name, schema] of Object.entries(schemas())) {
  writeFileSync(path.join(folder, name), `${JSON.stringify(schema, undefined, 2)}\n`)
}
