import type { ResolvedImage } from '@gemini-image/core'
import { expect, test } from 'vitest'
import { StandIns } from '../src/vite/stand-ins.ts'

const SCENE = '/site/scene.prompt.md'

function image(state: 'pinned' | 'placeholder', fingerprint = 'a'): ResolvedImage {
  const file = `/site/${state}-${fingerprint}.jpg`
  return { state, fingerprint, file } as ResolvedImage
}

/** A declaration whose previews answer when a test says so, each with what was true when it began. */
function stage() {
  const standIns = new StandIns()
  let now = image('placeholder')
  const waiting: (() => void)[] = []
  const preview = async (): Promise<ResolvedImage> => {
    const then = now
    await new Promise<void>((resolve) => waiting.push(resolve))
    return then
  }
  return {
    standIns,
    ask: () => standIns.imageOf(SCENE, preview),
    become: (next: ResolvedImage) => {
      now = next
    },
    /** Answers all previews until nobody waits. */
    async answer() {
      while (waiting.length > 0) {
        for (const resolve of waiting.splice(0)) resolve()
        // oxlint-disable-next-line no-await-in-loop -- who has been answered may ask again
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}

test.for([1, 2, 5])(
  '%i who wait for a stand-in get the picture that lands meanwhile',
  async (n) => {
    const { standIns, ask, become, answer } = stage()
    const asked = Array.from({ length: n }, ask)
    expect([...standIns.ids()]).toEqual([SCENE])
    become(image('pinned'))
    expect(standIns.land(SCENE)).toBeUndefined()
    await answer()
    expect((await Promise.all(asked)).map(({ state }) => state)).toEqual(asked.map(() => 'pinned'))
    expect([...standIns.ids()]).toEqual([])
  },
)

test('who was shown a stand-in is told, though another has the picture already', async () => {
  const { standIns, ask, become, answer } = stage()
  const first = ask()
  await answer()
  expect((await first).state).toBe('placeholder')
  become(image('pinned'))
  const second = ask()
  await answer()
  expect((await second).state).toBe('pinned')
  expect(standIns.land(SCENE)).toEqual(new Set(['placeholder-a.jpg']))
  expect(standIns.land(SCENE)).toBeUndefined()
})

test('an edit that is taken back leaves nobody to be told', async () => {
  const { standIns, ask, become, answer } = stage()
  become(image('placeholder', 'edited'))
  const edited = ask()
  await answer()
  await edited
  become(image('pinned', 'before'))
  const before = ask()
  await answer()
  await before
  expect([...standIns.ids()]).toEqual([])
})

test('a URL shows a stand-in, be it by a rendition', () => {
  const standIns = new StandIns()
  standIns.noteRenditions(
    { form: 'img', query: '' },
    ['/cache/scene-400.webp'],
    image('placeholder'),
  )
  expect(standIns.fileShownBy('/@fs/cache/scene-400.webp?t=1#x')).toBe('placeholder-a.jpg')
  expect(standIns.fileShownBy('/src/placeholder-a.jpg')).toBe('placeholder-a.jpg')
})
