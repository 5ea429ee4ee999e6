import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { LAYERS } from '../../../oxlint.config.ts'

test('every folder of core is a layer, of which lint knows what it may import', () => {
  const entries = readdirSync(path.join(import.meta.dirname, '../src'), { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  expect(folders.toSorted()).toEqual(LAYERS.toSorted())
})
