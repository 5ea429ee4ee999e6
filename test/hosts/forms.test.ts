import { FORMS } from '@gemini-image/core/internal'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'

// The client types and the tables of the docs are generated from the registry; `docs.test.ts` holds them against it.
test.for(['rendition-cases.ts', '../types/forms.ts'])(
  'every form is imported in %s',
  async (name) => {
    const text = await readFile(path.join(import.meta.dirname, name), 'utf8')
    const asked = new Set([...text.matchAll(/\bas=([a-z-]+)/g)].map(([, form]) => form))
    // It is no rendition.
    asked.delete('object')
    expect([...asked].toSorted()).toEqual(Object.keys(FORMS).toSorted())
  },
)
