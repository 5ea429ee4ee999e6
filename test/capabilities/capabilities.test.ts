import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { PlanRow, ResolvedImage } from '@gemini-image/core'
import { GoogleGenAI, type Part } from '@google/genai'
import { describe, expect, test } from 'vitest'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite } from '../support/site.ts'
import { chargeFor } from './charge.ts'
import type { Capability, Colour, SdkCall, SdkPart } from './capability.ts'
import { CAPABILITIES } from './cases.ts'
import { colourImage, openEngine, writeCapability } from './run.ts'

type InteractionParameters = Parameters<GoogleGenAI['interactions']['create']>[0]

const DEFAULT_MODEL = 'gemini-nano-banana-2.1'

function sdkFor(baseUrl: string): GoogleGenAI {
  const httpOptions = { baseUrl }
  return new GoogleGenAI({ apiKey: 'a-key', vertexai: false, apiVersion: 'v1beta', httpOptions })
}

async function toSdkPart(part: SdkPart, { prompt, drawn }: Settled): Promise<Part> {
  if ('text' in part) return { text: part.text === '<template>' ? prompt : part.text }
  if (isColour(part.image)) {
    const data = (await colourImage(part.image)).toString('base64')
    return { inlineData: { mimeType: 'image/png', data } }
  }
  const { file, format } = await drawn(part.image)
  const data = await readFile(file, 'base64')
  return { inlineData: { mimeType: `image/${format}`, data } }
}

function isColour(image: string): image is Colour {
  return !image.includes('.')
}

function toSdkParts({ parts }: SdkCall, settled: Settled): Promise<Part[]> {
  return Promise.all(parts.map((part) => toSdkPart(part, settled)))
}

/** Says the turns to Google's SDK in a chat, or asks once; gives the body of its last request. */
async function askWithSdk(
  { sdk, before = [], model = DEFAULT_MODEL }: Comparable,
  url: string,
  settled: Settled,
): Promise<void> {
  const ai = sdkFor(url)
  if (before.length === 0) {
    const contents = await toSdkParts(sdk, settled)
    await ai.models.generateContent({ model, contents, config: sdk.config ?? {} })
    return
  }
  const chat = ai.chats.create({ model })
  for (const call of [...before, sdk]) {
    await chat.sendMessage({ message: await toSdkParts(call, settled), config: call.config ?? {} })
  }
}

/** Says the turns to Google's SDK as steps, or asks once. */
async function interactWithSdk(
  { sdk, before = [], model = DEFAULT_MODEL }: Comparable,
  url: string,
  settled: Settled,
): Promise<void> {
  const ai = sdkFor(url)
  const content = async (call: SdkCall): Promise<object[]> =>
    (await toSdkParts(call, settled)).map(toContent)
  const steps: object[] = []
  for (const call of before) {
    steps.push({ type: 'user_input', content: await content(call) })
    const answer = await ai.interactions.create({
      model,
      input: steps.length === 1 ? await content(call) : steps,
      response_format: { type: 'image', aspect_ratio: '1:1', image_size: '1K' },
      ...call.interaction,
      store: false,
    } as InteractionParameters)
    steps.push(...((answer as { steps?: object[] }).steps ?? []))
  }
  const last = await content(sdk)
  await ai.interactions.create({
    model,
    input: before.length === 0 ? last : [...steps, { type: 'user_input', content: last }],
    ...sdk.interaction,
    store: false,
  } as InteractionParameters)
}

interface Settled {
  readonly bodies: readonly string[]
  readonly prompt: string
  readonly root: string
  /** The picture that a prompt file declares. */
  drawn(file: string): Promise<Pick<ResolvedImage, 'file' | 'format'>>
}

/** Settles a capability's site twice: the second time must cost nothing. */
async function settleTwice(
  capability: Capability,
  transport: 'generate-content' | 'interactions',
): Promise<Settled> {
  const gemini = await startGemini()
  const site = await createSite({})
  await writeCapability(site.root, capability)
  const first = openEngine(site.root, capability, transport, gemini)
  const { rows } = await first.plan()
  expect(gemini.requests).toEqual([])
  const { spent } = await first.prepare()
  expectPlanned(rows, gemini, spent)
  const { calls = 1, texts = 0 } = capability
  expect(gemini.requests.map(({ outcome }) => outcome)).toEqual(
    Array.from({ length: calls }, (_, index) => (index < texts ? 'text-only' : 'image')),
  )
  const again = openEngine(site.root, capability, transport, gemini)
  expect(await again.prepare()).toMatchObject({ generated: 0, spent: 0, placeholders: 0 })
  const shown = rows.find(({ declared }) => declared.file === site.path('hero.prompt.md'))
  const { state, prompt } = await again.image(shown?.declared.id ?? '')
  expect(state).toBe('pinned')
  expect(gemini.requests).toHaveLength(calls)
  const bodies = gemini.requests.map(({ rawBody }) => rawBody)
  return { bodies, prompt, root: site.root, drawn: (file) => again.image(site.path(file)) }
}

/** What is spent is what the server charges, and within what the plan says before anything is asked. */
function expectPlanned(
  rows: readonly Pick<PlanRow, 'estimate'>[],
  { requests }: FakeGemini,
  spent: number,
): void {
  const charged = requests.reduce((sum, request) => sum + chargeFor(request), 0)
  // Each call is booked in whole millionths.
  expect(spent).toBeCloseTo(charged, 5)
  const planned = (bound: 'least' | 'most'): number =>
    rows.reduce((sum, { estimate }) => sum + estimate[bound], 0)
  expect(planned('least')).toBeGreaterThan(0)
  expect(charged).toBeGreaterThanOrEqual(planned('least'))
  expect(charged).toBeLessThanOrEqual(planned('most'))
}

/** A capability that Google's own SDK has as well. */
type Comparable = Capability & { readonly sdk: SdkCall }

const COMPARABLE = CAPABILITIES.filter((one): one is Comparable => one.sdk !== undefined)

describe('generate-content asks as Google’s own SDK does', () => {
  const asked = COMPARABLE.filter(({ api }) => api !== 'interactions')
  test.for(asked)('$title', async (capability) => {
    expect.hasAssertions()
    const settled = await settleTwice(capability, 'generate-content')
    // A server of its own, which has not been asked for these pictures before.
    const theirs = await startGemini()
    await askWithSdk(capability, theirs.url, settled)
    expectSame(settled, theirs)
    // A chat of the SDK sends the keys of earlier answers in the order in which they came.
    if (!capability.before) expect(settled.bodies.at(-1)).toBe(theirs.requests[0]?.rawBody)
  })
})

describe('interactions asks as Google’s own SDK does', () => {
  test.for(COMPARABLE)('$title', async (capability) => {
    expect.hasAssertions()
    const settled = await settleTwice(capability, 'interactions')
    const theirs = await startGemini()
    await interactWithSdk(capability, theirs.url, settled)
    expectSame(settled, theirs)
  })
})

/** All that the SDK has said is what we have said last: each request of a conversation, and not its end alone. */
function expectSame({ bodies }: Settled, theirs: FakeGemini): void {
  const sdks = theirs.requests.map(({ rawBody }) => JSON.parse(rawBody))
  expect(sdks.length).toBeGreaterThan(0)
  expect(bodies.slice(-sdks.length).map((body) => JSON.parse(body))).toEqual(sdks)
}

function toContent({ text, inlineData }: Part): object {
  if (inlineData) return { type: 'image', mime_type: inlineData.mimeType, data: inlineData.data }
  return { type: 'text', text }
}

describe('what the SDK cannot ask', () => {
  test.for(CAPABILITIES.filter(({ sdk }) => sdk === undefined))('$title', async (capability) => {
    for (const transport of ['generate-content', 'interactions'] as const) {
      const { bodies } = await settleTwice(capability, transport)
      expect(bodies.map((body) => JSON.parse(body))).toEqual([capability.body])
    }
  })
})

test('thoughts lie beside the pictures and are never results', async () => {
  const capability = CAPABILITIES.find(({ title }) => title.startsWith('thoughts'))
  if (!capability) throw new Error('There is no such capability')
  for (const transport of ['generate-content', 'interactions'] as const) {
    const { root } = await settleTwice(capability, transport)
    const store = await readdir(path.join(root, '.gemini-image'), { recursive: true })
    const thoughts = store.filter((name) =>
      /^thoughts\/hero\.[0-9a-f]{12}\/\d\d\.(jpg|md)$/.test(name),
    )
    expect(thoughts).toHaveLength(2)
    const lock = await readFile(path.join(root, 'gemini-image.lock'), 'utf8')
    expect(lock).not.toContain('thoughts')
  }
})
