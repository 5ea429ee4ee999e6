import { randomBytes } from 'node:crypto'
import type { SharedStore } from '@gemini-image/core'
import { expect, test } from 'vitest'

function key(name = 'value'): string {
  return `objects/${randomBytes(8).toString('hex')}/${name}`
}

/** What every shared store must do; `open` gives one that is empty or used by other tests as well. */
export function conforms(open: () => SharedStore, sizes = [0, 1, 5_000_000]): void {
  test.each(sizes)('%d bytes come back as they went', async (size) => {
    const [store, name, bytes] = [open(), key(), randomBytes(size)]
    await store.put(name, bytes)
    expect(await store.has(name)).toBe(true)
    const back = await store.get(name)
    expect(back).toBeInstanceOf(Uint8Array)
    expect(Buffer.compare(Buffer.from(back ?? [255]), bytes)).toBe(0)
  })

  test('every byte comes back as it went', async () => {
    const [store, name, bytes] = [open(), key(), Buffer.from([...Array(256).keys()])]
    await store.put(name, bytes)
    expect(Buffer.from((await store.get(name)) ?? [])).toEqual(bytes)
  })

  test('what is not there is undefined', async () => {
    const [store, name] = [open(), key()]
    expect([await store.get(name), await store.has(name)]).toEqual([undefined, false])
  })

  test('what is written again is replaced', async () => {
    const [store, name] = [open(), key()]
    await store.put(name, Buffer.from('first, and longer'))
    await store.put(name, Buffer.from('second'))
    expect(Buffer.from((await store.get(name)) ?? []).toString()).toBe('second')
  })

  test('what is given and what is got belongs to the caller', async () => {
    const [store, name, bytes] = [open(), key(), Buffer.from('mine')]
    await store.put(name, bytes)
    bytes.fill(0)
    const first = await store.get(name)
    first?.fill(0)
    expect(Buffer.from((await store.get(name)) ?? []).toString()).toBe('mine')
  })

  test('deleting twice is no error', async () => {
    const [store, name] = [open(), key()]
    await store.put(name, Buffer.from('x'))
    await store.delete(name)
    await store.delete(name)
    expect(await store.get(name)).toBeUndefined()
  })

  keepsKeysApart(open)
}

function keepsKeysApart(open: () => SharedStore): void {
  test('awkward keys are keys of their own', async () => {
    const store = open()
    const base = key('a')
    const names = ['', '.b', '-b', '_b', 'A', '.json', `/${'deep/'.repeat(8)}end`, 'x'.repeat(150)]
    // A key is never the folder of another.
    const keys = names.map((name) => `${base}${name.startsWith('/') ? '0' : ''}${name}`)
    for (const name of keys) await store.put(name, Buffer.from(name))
    for (const name of keys) {
      expect(Buffer.from((await store.get(name)) ?? []).toString()).toBe(name)
    }
    await store.delete(keys[0] ?? '')
    expect(await store.has(keys[1] ?? '')).toBe(true)
  })

  test('fifty side by side do not mix', async () => {
    const store = open()
    const keys = Array.from({ length: 50 }, (_, index) => key(String(index)))
    await Promise.all(keys.map((name) => store.put(name, Buffer.from(name.repeat(200)))))
    const got = await Promise.all(keys.map((name) => store.get(name)))
    expect(got.map((bytes) => Buffer.from(bytes ?? []).toString())).toEqual(
      keys.map((name) => name.repeat(200)),
    )
  })
}

/** What a store must do besides, where leases are to stand on it. */
export function createsOnce(open: () => SharedStore): void {
  test('of eight that create a key at once, one wins, and its bytes stand', async () => {
    for (let round = 0; round < 5; round += 1) {
      const key = `leases/${randomBytes(8).toString('hex')}/0`
      const racers = Array.from({ length: 8 }, (_, index) => String(index))
      const won = await Promise.all(racers.map((racer) => open().create?.(key, Buffer.from(racer))))
      expect(won.filter(Boolean)).toHaveLength(1)
      const stands = Buffer.from((await open().get(key)) ?? []).toString()
      expect(stands).toBe(racers[won.indexOf(true)])
    }
  })

  test('a key that is deleted can be created again', async () => {
    const [store, key] = [open(), `probe/${randomBytes(8).toString('hex')}`]
    const create = async (): Promise<boolean | undefined> => store.create?.(key, Buffer.from('x'))
    expect([await create(), await create()]).toEqual([true, false])
    await store.delete(key)
    expect(await create()).toBe(true)
  })
}
