import type { Asked, Declared, GuideVersion, Label, LineName, Material, Print } from './guide.ts'

/** Words, or the name of an image file. */
type PartName = 'words' | `${string}.png` | `${string}.jpg`

/** How a sample writes what it sends. */
export type Notation = keyof typeof NOTATIONS

type Languages<Value> = Readonly<Partial<Record<Label, Value>>>

/** The ways in which samples write the input of an interaction, those included that the API does not know. */
const NOTATIONS = {
  plain: (_: readonly PartName[], { words }: Material): unknown => words,
  turn: (_: readonly PartName[], { next }: Material): unknown => next,
  turnMessages: (_: readonly PartName[], { next }: Material): unknown => [
    { parts: [{ text: next }] },
  ],
  // The SDK of Python turns an open image into content.
  list: (parts: readonly PartName[], material: Material): unknown =>
    parts.map((part) => (part === 'words' ? material.words : typed(part, material))),
  typed: (parts: readonly PartName[], material: Material): unknown =>
    parts.map((part) => typed(part, material)),
  mixed: (parts: readonly PartName[], { words, image }: Material): unknown =>
    parts.map((part) => (part === 'words' ? { text: words } : { type: 'image', ...image(part) })),
  inline: (parts: readonly PartName[], material: Material): unknown =>
    parts.map((part) => toPart(part, material)),
  messages: (parts: readonly PartName[], material: Material): unknown => [
    { parts: parts.map((part) => toSnakePart(part, material)) },
  ],
} as const

function typed(part: PartName, { words, image }: Material): object {
  if (part === 'words') return { type: 'text', text: words }
  const { mimeType, data } = image(part)
  return { type: 'image', mime_type: mimeType, data }
}

function toPart(part: PartName, { words, image }: Material): object {
  return part === 'words' ? { text: words } : { inlineData: image(part) }
}

function toSnakePart(part: PartName, { words, image }: Material): object {
  if (part === 'words') return { text: words }
  const { mimeType, data } = image(part)
  return { inline_data: { mime_type: mimeType, data } }
}

interface Sent {
  readonly parts?: readonly PartName[]
  readonly model: string
  /** Frontmatter of the declaration. @default none */
  readonly settings?: readonly string[]
  readonly serverState?: boolean
  readonly differs?: readonly string[]
}

function declaredAs(
  version: GuideVersion,
  lines: Languages<number>,
  { parts = ['words'], settings = [], serverState, differs }: Sent,
): Declared {
  const [first = 0] = Object.values(lines)
  const images = parts.filter((part) => part !== 'words')
  return {
    name: `${version}:${first}` satisfies LineName,
    settings,
    images,
    ...(parts[0] !== 'words' && { imagesFirst: true }),
    ...(serverState && { serverState }),
    ...(differs && { differs }),
  }
}

function printsOf(
  version: GuideVersion,
  lines: Languages<number>,
  asks: (language: Label) => Asked,
): readonly Print[] {
  return (Object.entries(lines) as [Label, number][]).map(([language, line]) => ({
    version,
    lines: { [language]: line },
    asks: asks(language),
  }))
}

interface Interaction extends Sent {
  readonly inputs: Languages<Notation>
  /** What stands beside `model` and `input`, by language; `all` is what each of them says. */
  readonly rest?: Languages<object> & { readonly all?: object }
}

/** A sample that creates an interaction. */
export function interaction(
  version: GuideVersion,
  lines: Languages<number>,
  { inputs, rest = {}, ...sent }: Interaction,
): readonly Print[] {
  const { model, parts = ['words'] } = sent
  const declared = declaredAs(version, lines, sent)
  return printsOf(version, lines, (language) => ({
    api: 'interactions',
    model,
    declared,
    send: async (client, material) => {
      const input = NOTATIONS[inputs[language] ?? 'typed'](parts, material)
      const body = { model, input, ...(rest[language] ?? rest.all) }
      await evenRefused(client.ai.interactions.create(body as never))
      return client.last()
    },
  }))
}

/** What the guide writes is not always what the API takes; it counts what is sent. */
async function evenRefused(answer: PromiseLike<unknown>): Promise<void> {
  try {
    await answer
  } catch (error) {
    if (!REFUSALS.has(statusOf(error))) throw error
  }
}

/** Bad requests, and interactions that there never were. */
const REFUSALS: ReadonlySet<unknown> = new Set([400, 404])

function statusOf(error: unknown): unknown {
  return error instanceof Error && 'status' in error ? error.status : undefined
}

interface Generation extends Sent {
  /** The SDK's `config`. */
  readonly config?: Readonly<Record<string, unknown>>
  /** The tools of the body. @default none */
  readonly tools?: readonly object[]
}

/** A sample that calls `generateContent`: by an SDK, or as a body in the spelling of REST. */
export function generation(
  version: GuideVersion,
  lines: Languages<number>,
  { config = {}, tools, ...sent }: Generation,
): readonly Print[] {
  const { model, parts = ['words'] } = sent
  const declared = declaredAs(version, lines, sent)
  const body = (material: Material): object => ({
    contents: [{ parts: parts.map((part) => toSnakePart(part, material)) }],
    ...(tools && { tools: [{ google_search: {} }] }),
    ...(Object.keys(config).length > 0 && { generationConfig: config }),
  })
  return printsOf(version, lines, (language) => ({
    api: 'generate-content',
    model,
    declared,
    send: async (client, material) => {
      if (language === 'REST') return body(material)
      const contents = parts.map((part) => toPart(part, material))
      const whole = { ...config, ...(tools && { tools: [{ googleSearch: {} }] }) }
      await evenRefused(client.ai.models.generateContent({ model, contents, config: whole }))
      return client.last()
    },
  }))
}

interface Chat extends Sent {
  /** The configurations of the first message and of the second. */
  readonly configs: readonly [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>]
}

/** A sample that goes on from an answer: in a chat of the SDK, or with a history of its own. */
export function chat(
  version: GuideVersion,
  lines: Languages<number>,
  { configs: [first, second], ...sent }: Chat,
): readonly Print[] {
  const { model } = sent
  const declared = declaredAs(version, lines, sent)
  return printsOf(version, lines, () => ({
    api: 'generate-content',
    model,
    declared,
    goesOn: true,
    send: async ({ ai, last }, { words, next }) => {
      const talk = ai.chats.create({ model, config: first })
      await talk.sendMessage({ message: words })
      await talk.sendMessage({ message: next, config: second })
      return last()
    },
  }))
}

/** Tabs of which a version shows none, in a row: their lines follow each other. */
export function tabs(version: GuideVersion, line: number, labels: readonly Label[]): Print {
  return closed(version, Object.fromEntries(labels.map((label, index) => [label, line + index])))
}

/** Labels under which no request stands. */
export function closed(version: GuideVersion, lines: Languages<number>): Print {
  return { version, lines }
}
