import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { GoogleGenAI } from '@google/genai'
import { startFakeGemini, type FakeGemini } from '../../fake-gemini/server.ts'
import { withAlt } from '../../support/with-alt.ts'
import type { Colour } from '../capability.ts'
import { colourImage } from '../run.ts'
import type { Asked, Declared, Material, WirePicture } from './guide.ts'
import { SAMPLES } from './samples.ts'

const COLOURS: readonly Colour[] = ['red', 'green', 'blue', 'white']

/** What each sample asks for, once for each declaration: samples in several languages share one. */
export function askedDeclarations(): readonly Asked[] {
  const asked = SAMPLES.flatMap(({ prints }) => prints.flatMap(({ asks }) => asks ?? []))
  return [...new Map(asked.map((one) => [keyOf(one), one])).values()]
}

/** Two requests of one printed sample may differ in their model alone. */
function keyOf({ declared, model }: Asked): string {
  return `${declared.name} ${model}`
}

/** What a sample and its declaration both say, in the place of Google's own sentences. */
export async function materialFor(asked: Asked): Promise<Material> {
  const { images } = asked.declared
  const words = `A picture for the sample (${keyOf(asked)}).`
  const pictures = new Map<string, WirePicture>()
  for (const [index, file] of images.entries()) pictures.set(file, await wirePicture(file, index))
  return {
    words,
    next: `Now as the turn of (${keyOf(asked)}) says.`,
    image: (file) => {
      const picture = pictures.get(file)
      if (!picture) throw new Error(`${keyOf(asked)} declares no ${file}`)
      return picture
    },
  }
}

async function wirePicture(file: string, index: number): Promise<WirePicture> {
  const bytes = await colourImage(COLOURS[index % COLOURS.length] ?? 'red', file)
  const mimeType = file.endsWith('.jpg') ? 'image/jpeg' : 'image/png'
  return { mimeType, data: bytes.toString('base64') }
}

/** The prompt file that stands for a sample. */
export function declarationFor({ api, model, declared }: Asked, { words, next }: Material): string {
  const lines = [
    `model: ${model}`,
    `transport: ${api}`,
    ...declared.settings.map((line) => line.replace('NEXT', JSON.stringify(next))),
    ...(declared.images.length > 0
      ? ['references:', ...declared.images.map((file) => `  - ${referenceTo(file, declared)}`)]
      : []),
  ]
  const placed = declared.imagesFirst ? `${declared.images.map(placeOf).join(' ')}\n\n` : ''
  return withAlt(`---\n${lines.join('\n')}\n---\n\n${placed}${words}\n`)
}

function referenceTo(file: string, { imagesFirst }: Declared): string {
  return imagesFirst ? `{ image: ./${file}, label: ${labelOf(file)} }` : `./${file}`
}

/** Where an image stands among the words. */
export function placeOf(file: string): string {
  return `{{image:${labelOf(file)}}}`
}

function labelOf(file: string): string {
  return path.parse(file).name
}

/** The folder of a sample's declaration in a site. */
export function folderOf(asked: Asked): string {
  return keyOf(asked).replaceAll(/[^\w.-]+/g, '-')
}

/** Writes a site that asks for the picture of every sample. */
export async function writeSamples(root: string, all: readonly Asked[]): Promise<void> {
  const imports: string[] = []
  for (const asked of all) {
    const folder = folderOf(asked)
    const material = await materialFor(asked)
    await mkdir(path.join(root, folder), { recursive: true })
    await writeFile(path.join(root, folder, 'hero.prompt.md'), declarationFor(asked, material))
    for (const file of asked.declared.images) {
      await writeFile(
        path.join(root, folder, file),
        Buffer.from(material.image(file).data, 'base64'),
      )
    }
    imports.push(`import './${folder}/hero.prompt.md?gemini-image'`)
  }
  await writeFile(path.join(root, 'package.json'), '{}')
  await writeFile(path.join(root, 'main.js'), `${imports.join('\n')}\n`)
}

/** The bodies that samples send: by Google's SDK, where they use one. */
export async function sentBySamples(): Promise<ReadonlyMap<Asked, object>> {
  const [silent, talking] = await Promise.all([startFakeGemini(), startFakeGemini()])
  // What is asked counts here: only a conversation needs an answer.
  silent.fault({ kind: 'text-only', times: Infinity })
  const sent = new Map<Asked, object>()
  try {
    for (const asked of SAMPLES.flatMap(({ prints }) => prints.flatMap(({ asks }) => asks ?? []))) {
      sent.set(asked, await sentBySample(asked, asked.goesOn ? talking : silent))
    }
    return sent
  } finally {
    await Promise.all([silent.close(), talking.close()])
  }
}

async function sentBySample(asked: Asked, { url, requests }: FakeGemini): Promise<object> {
  const ai = new GoogleGenAI({
    apiKey: 'a-key',
    vertexai: false,
    apiVersion: 'v1beta',
    httpOptions: { baseUrl: url },
  })
  const last = (): object => JSON.parse(requests.at(-1)?.rawBody ?? '{}')
  return asked.send({ ai, last }, await materialFor(asked))
}

/** A body without what each answer makes anew: pictures of the model, signatures and ids. */
export function comparable(body: object): unknown {
  const withoutAnswers = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(withoutAnswers)
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).map(([key, one]): [string, unknown] => {
      if (key === 'thoughtSignature') return [key, '…']
      if (key === 'previous_interaction_id') return [key, '…']
      return [key, withoutAnswers(one)]
    })
    const object = Object.fromEntries(entries)
    const isAnswer = object['role'] === 'model'
    return isAnswer ? { ...object, parts: (object['parts'] as object[]).map(blank) } : object
  }
  return withoutAnswers(body)
}

function blank(part: object): object {
  return 'inlineData' in part ? { ...part, inlineData: '…' } : part
}
