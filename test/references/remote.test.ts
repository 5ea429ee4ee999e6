import path from 'node:path'
import type { Options } from '@gemini-image/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { importing, leftIn, prompting, setStage, type Stage } from '../errors/stage.ts'
import { start } from '../support/process.ts'
import { keyed } from '../support/vite.ts'
import { withAlt } from '../support/with-alt.ts'
import {
  bytes,
  endless,
  makeCertificate,
  redirect,
  startImageServer,
  status,
  type Certificate,
  type ImageServer,
} from './image-server.ts'
import { heavy, jpeg, png } from './images.ts'
import { refusalOf, refused, type Refusal } from './refusal.ts'

/** What the script says of a run. */
interface Outcome {
  readonly summary?: { generated: number; placeholders: number; spent: number }
  readonly error?: { code: string; message: string; errors: { code: string }[] }
  readonly log: readonly string[]
}

/** A site, a fake Google, and a host of images. */
interface World extends Stage {
  readonly images: ImageServer
  /** Settles the site in a process that trusts the host; it is allowed unless options say not. */
  run(options?: Options, env?: Record<string, string>): Promise<Outcome>
  /** The same, where it is to fail. */
  refuse(options?: Options): Promise<{ code: string; message: string }>
}

const SETTLE = path.join(import.meta.dirname, 'settle.ts')
const CACHE = 'node_modules/.cache/gemini-image'

let certificate: Certificate
beforeAll(async () => {
  certificate = await makeCertificate()
})
afterAll(() => certificate.remove())

/** A scene that refers to what `referencesTo` lists, given the host of images. */
async function setWorld(referencesTo: (images: ImageServer) => readonly string[]): Promise<World> {
  const images = await startImageServer(certificate)
  const stage = await setStage({
    'main.js': importing('scene'),
    'scene.prompt.md': sceneOf(referencesTo(images)),
  })
  const run: World['run'] = async (options = {}, env = keyed(stage.gemini)) => {
    const task = { root: stage.site.root, options: { remoteHosts: [images.host], ...options } }
    const running = start([SETTLE, JSON.stringify(task)], stage.site.root, {
      NODE_EXTRA_CA_CERTS: certificate.file,
      ...env,
    })
    const { output } = await running.ended
    const line = output.split('\n').find((one) => one.startsWith('{'))
    if (line === undefined) throw new Error(`The script said:\n${output}`)
    return JSON.parse(line) as Outcome
  }
  const refuse: World['refuse'] = async (options) => {
    const { error, summary } = await run(options)
    if (!error) throw new Error(`It was to fail, but it gave ${JSON.stringify(summary)}`)
    return error
  }
  return { ...stage, images, run, refuse }
}

function sceneOf(references: readonly string[], prompt = 'A scene'): string {
  const list = references.map((reference) => `\n  - ${reference}`).join('')
  return prompting(`references:${list}`, prompt)
}

/** A world whose scene refers to one PNG, which is there. */
async function onePicture(): Promise<World> {
  const world = await setWorld((images) => [images.url('/a.png')])
  world.images.on('/a.png', bytes(await png(), 'image/png'))
  return world
}

/** The only reference of the scene. */
const PLACE = 'scene.prompt.md:3:5'

/** What came of a run that is to fail. */
async function refusal(world: World): Promise<Refusal> {
  const { message } = await world.refuse()
  return refusalOf(world, message)
}

describe('what is not even asked for', () => {
  test.for([
    ['a host that is not allowed', 'https://example.org/a.png', 'add "example.org" to the option'],
    ['another port', 'https://localhost/a.png', 'Images from localhost are not allowed'],
    ['http', 'http://HOST/a.png', 'not an https address'],
    ['data', 'data:image/png;base64,iVBORw0KGgo=', 'not an https address'],
    ['a file URL', 'file:///etc/hostname', 'not an https address'],
    ['a user and a password', 'https://user:password@HOST/a.png', 'without a user name'],
    ['a user', 'https://user@HOST/a.png', 'without a user name'],
    ['the host as a user', 'https://HOST@example.org/a.png', 'without a user name'],
    ['a longer host', 'https://HOST.example.org/a.png', 'REFERENCE_NOT_ALLOWED'],
    ['no host', 'https://', 'not an https address'],
  ] as const)('%s', async ([, address, says]) => {
    const world = await setWorld(({ host }) => [`"${address.replace('HOST', host)}"`])
    const remoteHosts = [world.images.host]
    // No certificate is of use to what must not even connect.
    const { message } = (await world.fail({ options: { remoteHosts } })) as Error
    expect(await refusalOf(world, message)).toEqual(refused('REFERENCE_NOT_ALLOWED', PLACE, says))
    expect(world.images.connections).toBe(0)
  })

  test('what nobody uses', async () => {
    const world = await onePicture()
    await world.site.write('main.js', importing('other'))
    await world.site.write('other.prompt.md', withAlt('Another'))
    expect(await world.run()).toMatchObject({ summary: { generated: 1 } })
    expect(world.images.connections).toBe(0)
  })

  test.for(['frozen', 'placeholder'] as const)('anything in %s mode', async (mode) => {
    const world = await onePicture()
    const outcome = await world.run({ mode })
    if (mode === 'frozen') expect(outcome.error?.code).toBe('MISSING_PICTURE')
    else expect(outcome.summary).toMatchObject({ placeholders: 1 })
    expect(world.images.connections + world.gemini.requests.length).toBe(0)
    expect(await leftIn(world.site)).toEqual([])
  })

  test('anything without a key', async () => {
    const world = await onePicture()
    const { error } = await world.run({}, {})
    expect(error?.code).toBe('MISSING_KEY')
    expect(world.images.connections).toBe(0)
  })
})

describe('what is fetched', () => {
  test('once, and pinned', async () => {
    const world = await onePicture()
    expect(await world.run()).toMatchObject({ summary: { generated: 1 } })
    expect(world.images.requests).toEqual(['/a.png'])
    expect(world.gemini.requests).toMatchObject([
      {
        body: {
          contents: [
            {
              parts: [
                { text: 'A scene' },
                { inlineData: { mimeType: 'image/png', data: (await png()).toString('base64') } },
              ],
            },
          ],
        },
      },
    ])
    const lock = await world.site.read('gemini-image.lock')
    expect(lock).toContain(`remotes:\n  "${world.images.url('/a.png')}": {"object":"`)
    expect(await world.run()).toMatchObject({ summary: { generated: 0, spent: 0 } })
    // Neither does another machine, which has no cache.
    await world.site.remove('node_modules')
    expect(await world.run()).toMatchObject({ summary: { generated: 0, spent: 0 } })
    expect(await world.run({ mode: 'frozen' }, {})).toMatchObject({ summary: { generated: 0 } })
    expect(world.images.requests).toHaveLength(1)
    expect(world.gemini.requests).toHaveLength(1)
    expect(await world.site.read('gemini-image.lock')).toBe(lock)
  })

  test('once for all that refer to it, whatever follows the "#"', async () => {
    const world = await onePicture()
    await world.site.write('main.js', importing('scene', 'other'))
    const same = `"${world.images.url('/a.png#top')}"`
    await world.site.write('other.prompt.md', sceneOf([same], 'Another'))
    expect(await world.run()).toMatchObject({ summary: { generated: 2 } })
    expect(world.images.requests).toEqual(['/a.png'])
  })

  test('also for a declaration that only another one refers to', async () => {
    const world = await onePicture()
    await world.site.write('main.js', importing('poster'))
    await world.site.write('poster.prompt.md', sceneOf(['./scene.prompt.md'], 'A poster'))
    expect(await world.run()).toMatchObject({ summary: { generated: 2 } })
    expect(world.images.requests).toEqual(['/a.png'])
    expect(world.gemini.requests.map(({ prompt }) => prompt)).toEqual(['A scene', 'A poster'])
  })

  test('not again after a call that failed', async () => {
    const world = await onePicture()
    world.gemini.fault({ kind: 'server-error', status: 400 })
    expect((await world.refuse()).code).toBe('REFUSED_REQUEST')
    expect(await world.run()).toMatchObject({ summary: { generated: 1 } })
    expect(world.images.requests).toHaveLength(1)
  })

  test('by way of an allowed host', async () => {
    const [world, other] = [await onePicture(), await startImageServer(certificate)]
    world.images.on('/a.png', redirect(other.url('/b.png')))
    other.on('/b.png', redirect('/c.png', 308))
    other.on('/c.png', bytes(await png(), 'image/png'))
    const remoteHosts = [world.images.host, other.host]
    expect(await world.run({ remoteHosts })).toMatchObject({ summary: { generated: 1 } })
    expect(other.requests).toEqual(['/b.png', '/c.png'])
  })

  test('also without a word about its type', async () => {
    const world = await onePicture()
    world.images.on('/a.png', bytes(await jpeg(), 'application/octet-stream'))
    expect(await world.run()).toMatchObject({ summary: { generated: 1 } })
    expect(world.gemini.requests[0]?.rawBody).toContain('"mimeType":"image/jpeg"')
  })
})

describe('what is refused once it is seen', () => {
  test('a host that is not trusted', async () => {
    const world = await onePicture()
    const { error } = await world.run({}, { ...keyed(world.gemini), NODE_EXTRA_CA_CERTS: '' })
    expect(error?.message).toContain(`REFERENCE_UNAVAILABLE at ${PLACE}`)
    expect(world.images.requests).toEqual([])
  })

  test.for([404, 500, 403, 304])('status %i', async (code) => {
    const world = await onePicture()
    world.images.on('/a.png', status(code))
    expect(await refusal(world)).toEqual(
      refused('REFERENCE_UNAVAILABLE', PLACE, `answered with ${code}`),
    )
  })

  test('a connection that breaks', async () => {
    const world = await onePicture()
    world.images.on('/a.png', (response) => void response.socket?.destroy())
    expect(await refusal(world)).toEqual(refused('REFERENCE_UNAVAILABLE', PLACE))
  })

  test('a way to another host', async () => {
    const [world, other] = [await onePicture(), await startImageServer(certificate)]
    world.images.on('/a.png', redirect(other.url('/b.png')))
    expect(await refusal(world)).toEqual(refused('REFERENCE_NOT_ALLOWED', PLACE, other.host))
    expect(other.connections).toBe(0)
  })

  test.for([
    ['http', 'http://HOST/b.png', 'REFERENCE_NOT_ALLOWED'],
    ['data', 'data:image/png;base64,iVBORw0KGgo=', 'REFERENCE_NOT_ALLOWED'],
    ['in circles', '/a.png', 'REFERENCE_UNAVAILABLE'],
  ] as const)('a way to %s', async ([, location, code]) => {
    const world = await onePicture()
    world.images.on('/a.png', redirect(location.replace('HOST', world.images.host)))
    expect(await refusal(world)).toEqual(refused(code, PLACE))
    expect(world.images.requests.length).toBeLessThanOrEqual(4)
  })

  test('more than 15 MB, without reading all of it', async () => {
    const world = await onePicture()
    const { answer, sent } = endless(100_000_000)
    world.images.on('/a.png', answer)
    expect(await refusal(world)).toEqual(refused('REFERENCE_TOO_LARGE', PLACE, 'larger than 15 MB'))
    expect(sent()).toBeLessThan(40_000_000)
  })

  test('a JPEG that calls itself a PNG', async () => {
    const world = await onePicture()
    world.images.on('/a.png', bytes(await jpeg(), 'image/png; charset=binary'))
    expect(await refusal(world)).toEqual(refused('REFERENCE_TYPE_MISMATCH', PLACE, 'JPEG'))
  })

  test.for([
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>', 'image/svg+xml'],
    ['a page', '<!doctype html><title>Sign in</title>', 'text/html'],
    ['nothing', '', 'image/png'],
  ] as const)('%s', async ([, content, type]) => {
    const world = await onePicture()
    world.images.on('/a.png', bytes(Buffer.from(content), type))
    expect(await refusal(world)).toEqual(refused('UNSUPPORTED_REFERENCE', PLACE))
  })

  test('one of two stops the other picture, too', async () => {
    const world = await onePicture()
    world.images.on('/a.png', status(404))
    await world.site.write('main.js', importing('scene', 'good'))
    await world.site.write('good.prompt.md', withAlt('Good'))
    expect(await refusal(world)).toEqual(refused('REFERENCE_UNAVAILABLE', PLACE))
  })
})

describe('what weighs too much together', () => {
  test('is sent in smaller copies', async () => {
    const world = await setWorld((images) => [images.url('/a.png'), images.url('/b.png')])
    const image = bytes(await heavy(8_000_000), 'image/png')
    world.images.on('/a.png', image)
    world.images.on('/b.png', image)
    await world.run()
    const [{ rawBody = '' } = {}] = world.gemini.requests
    expect(rawBody.length).toBeLessThan(20_000_000)
    expect(rawBody.match(/"mimeType":"image\/webp"/g)).toHaveLength(2)
  })
})

describe('what is pinned', () => {
  /** Pinned, and about to be sent once more: the prompt is another one. */
  async function edited(): Promise<World> {
    const world = await onePicture()
    await world.run()
    world.gemini.reset()
    world.images.requests.length = 0
    const text = sceneOf([world.images.url('/a.png')], 'Another scene')
    await world.site.write('scene.prompt.md', text)
    return world
  }

  test('comes from the cache', async () => {
    const world = await edited()
    world.images.on('/a.png', status(500))
    expect(await world.run()).toMatchObject({ summary: { generated: 1 } })
    expect(world.images.requests).toEqual([])
  })

  test('is fetched again where there is no cache, and is the same', async () => {
    const world = await edited()
    await world.site.remove(CACHE)
    expect(await world.run()).toMatchObject({ summary: { generated: 1 } })
    expect(world.images.requests).toEqual(['/a.png'])
  })

  test('is fetched again where the cache is damaged', async () => {
    const world = await edited()
    const [name = ''] = await world.site.list(`${CACHE}/references`)
    await world.site.write(`${CACHE}/references/${name}`, 'Not an image')
    expect(await world.run()).toMatchObject({ summary: { generated: 1 } })
    expect(world.images.requests).toEqual(['/a.png'])
  })

  test.for([
    ['other bytes', 'REFERENCE_CHANGED', 'gemini-image.lock pins'],
    ['nothing any more', 'REFERENCE_UNAVAILABLE', 'answered with 410'],
  ] as const)('is not used where the address gives %s', async ([, code, says]) => {
    const world = await edited()
    await world.site.remove(CACHE)
    const other = code === 'REFERENCE_CHANGED' ? bytes(await png('#fff'), 'image/png') : status(410)
    world.images.on('/a.png', other)
    const lock = await world.site.read('gemini-image.lock')
    const { message } = await world.refuse()
    expect(message).toContain(`${code} at ${PLACE}\n`)
    expect(message).toContain(says)
    expect(world.gemini.requests).toEqual([])
    expect(await world.site.read('gemini-image.lock')).toBe(lock)
  })

  test('may be unpinned by hand, as the advice says', async () => {
    const world = await edited()
    world.images.on('/a.png', bytes(await png('#fff'), 'image/png'))
    const lock = await world.site.read('gemini-image.lock')
    const lines = lock.split('\n').filter((line) => !line.includes(world.images.host))
    await world.site.write('gemini-image.lock', lines.join('\n'))
    expect(await world.run()).toMatchObject({ summary: { generated: 1 } })
    expect(world.images.requests).toEqual(['/a.png'])
  })

  test('is not used any more once its host is not allowed', async () => {
    const world = await onePicture()
    await world.run()
    expect((await world.refuse({ remoteHosts: [] })).code).toBe('REFERENCE_NOT_ALLOWED')
  })
})
