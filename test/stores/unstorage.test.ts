import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { unstorageStore } from '@gemini-image/core'
import { createStorage, type Driver } from 'unstorage'
import fsDriver from 'unstorage/drivers/fs'
import memory from 'unstorage/drivers/memory'
import { afterAll, describe, expect, test } from 'vitest'
import { conforms } from './conformance.ts'

const dir = await mkdtemp(path.join(os.tmpdir(), 'gemini-image-unstorage-'))
afterAll(() => rm(dir, { recursive: true }))

/** A driver that knows text only, as many do: unstorage writes bytes as base64 for it. */
function textDriver(): Driver {
  const { getItem, setItem, hasItem, removeItem, getKeys } = memory()
  return { getItem, setItem, hasItem, removeItem, getKeys }
}

const drivers: Record<string, Driver> = {
  memory: memory(),
  'the file system': fsDriver({ base: dir }),
  text: textDriver(),
}

describe.for(Object.entries(drivers))('%s', ([, driver]) => {
  const store = unstorageStore(createStorage({ driver }))
  conforms(() => store)

  test('it offers no leases', () => expect(store.create).toBeUndefined())
})
