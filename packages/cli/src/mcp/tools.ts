import path from 'node:path'
import { GeminiImageError, plan, type Plan } from '@gemini-image/core'
import {
  adoptFile,
  estimateSteps,
  formatDollars,
  formatEstimate,
  formatPlace,
  openFiles,
  scaleDown,
  shownId,
  SOURCE_TYPES,
  stepsToPay,
  withheldOf,
  type SourceType,
} from '@gemini-image/core/internal'
import type { PictureDetails, PictureItem } from '@gemini-image/studio/verbs'
import type { CallToolResult, ToolAnnotations } from '@modelcontextprotocol/sdk/spec.types.js'
import type { Input, InputSchema } from './input.ts'
import { apply, propose } from './propose.ts'
import { fileInside, rowNamed, type Session } from './session.ts'

/** What a tool gives: data, and a picture where it shows one. */
interface Given {
  readonly data: Record<string, unknown>
  readonly image?: CallToolResult['content'][number]
}

/** One tool. */
export interface ToolRow {
  readonly title: string
  readonly description: string
  readonly annotations: ToolAnnotations
  readonly input: InputSchema
  run(input: Input, session: Session): Promise<Given>
}

const LOOKS = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
}
const WRITES = { ...LOOKS, readOnlyHint: false }

const PICTURE = {
  type: 'string',
  description: 'An id, a name ("hero"), a path from the root, or file:line.',
} as const

/** Longest side of what a model looks at, in pixels. */
const THUMBNAIL = 512
/** Pictures in one answer. */
const PAGE = 50

/** All tools, by name. */
export const TOOLS: Readonly<Record<string, ToolRow>> = {
  list: {
    title: 'List pictures',
    description: 'Declared pictures with place, state and price, 50 at a time. Spends nothing.',
    annotations: LOOKS,
    input: {
      properties: {
        state: {
          type: 'string',
          enum: ['pinned', 'adopted', 'stale', 'missing', 'generating', 'refused', 'pending'],
          description: 'Only those.',
        },
        offset: { type: 'integer', minimum: 0, description: 'How many to skip.' },
      },
      required: [],
    },
    run: list,
  },
  plan: {
    title: 'Plan',
    description:
      'Lists missing and stale pictures, their price, the budget that is left, and problems in the source. Spends nothing.',
    annotations: LOOKS,
    input: { properties: {}, required: [] },
    run: (_, session) => summarise(session),
  },
  explain: {
    title: 'Explain a picture',
    description:
      'Prompt, settings, turns, variants, former pictures, references and uses of one picture, and why it is missing.',
    annotations: LOOKS,
    input: { properties: { picture: PICTURE }, required: ['picture'] },
    run: explain,
  },
  show: {
    title: 'Show a picture',
    description: 'One picture as a small WebP of at most 512 pixels.',
    annotations: LOOKS,
    input: {
      properties: {
        picture: PICTURE,
        variant: { type: 'integer', minimum: 1, description: 'One of its variants.' },
      },
      required: ['picture'],
    },
    run: show,
  },
  propose: {
    title: 'Propose an edit',
    description:
      'A diff of a new prompt file ("file", "prompt", "settings"), or of an edit of a declaration ("picture" with "prompt", "settings" or "turn"). Writes nothing: "apply" does.',
    annotations: { ...LOOKS, idempotentHint: false },
    input: {
      properties: {
        picture: PICTURE,
        file: {
          type: 'string',
          description: 'A new file from the root, which ends with ".prompt.md".',
        },
        prompt: { type: 'string', description: 'The whole prompt.' },
        settings: {
          type: 'object',
          description:
            'Settings to state, such as { "alt": "A fox", "variants": 4 }; null takes one away.',
        },
        turn: { type: 'string', description: 'The change to the picture as it is.' },
      },
      required: [],
    },
    run: async (input, session) => {
      const { token, ...shown } = await propose(input, session)
      return {
        data: { proposal: token, ...shown, next: 'Show the diff to a person, then call "apply".' },
      }
    },
  },
  apply: {
    title: 'Write a proposed edit',
    description:
      'Writes a proposal as its diff has shown it; refuses where the file has changed since.',
    annotations: { ...WRITES, destructiveHint: true, idempotentHint: false },
    input: {
      properties: { proposal: { type: 'string', description: 'What "propose" gave.' } },
      required: ['proposal'],
    },
    run: async (input, session) => {
      const { id } = await apply(input, session)
      return {
        data: { id, next: 'Call "generate" with this id and a budget, once a person agrees.' },
      }
    },
  },
  generate: {
    title: 'Generate pictures',
    description:
      'Pays for what is missing or stale of pictures, within a stated budget and the project’s own. Nothing is asked for where all of it does not fit.',
    annotations: { ...WRITES, idempotentHint: false, openWorldHint: true },
    input: {
      properties: {
        pictures: {
          type: 'array',
          items: { type: 'string' },
          minItems: 1,
          description: 'Ids, names or paths.',
        },
        budget: {
          type: 'number',
          minimum: 0,
          description: 'The most that this call may spend, in US dollars.',
        },
        ask: {
          type: 'string',
          enum: ['again', 'retry'],
          description: '"again" pays for another picture, "retry" for one that was refused.',
        },
      },
      required: ['pictures', 'budget'],
    },
    run: generate,
  },
  pick: {
    title: 'Pick a picture',
    description:
      'Chooses a variant, which is written where the picture is declared, or goes back to a former picture. Spends nothing.',
    annotations: WRITES,
    input: {
      properties: {
        picture: PICTURE,
        variant: { type: 'integer', minimum: 1, description: 'Its number.' },
        former: {
          type: 'string',
          description: 'The key of a former picture, as "explain" gives it.',
        },
      },
      required: ['picture'],
    },
    run: pick,
  },
  adopt: {
    title: 'Adopt a file',
    description:
      'Pins a JPEG, PNG or WebP file of the project in the place of a generated picture. Spends nothing; the former picture is kept.',
    annotations: { ...WRITES, idempotentHint: false },
    input: {
      properties: {
        picture: PICTURE,
        file: { type: 'string', description: 'A path from the root of the project.' },
        source: {
          type: 'string',
          enum: SOURCE_TYPES,
          description: 'How it came about, as IPTC calls it.',
        },
      },
      required: ['picture', 'file'],
    },
    run: adopt,
  },
}

async function itemsOf(
  planned: Plan,
  { project, images }: Session,
): Promise<readonly PictureItem[]> {
  const { toItems } = await import('@gemini-image/studio/verbs')
  return (await toItems(planned, project, images)).map(({ item }) => item)
}

async function list({ state, offset = 0 }: Input, session: Session): Promise<Given> {
  const all = await itemsOf(await plan(session.project), session)
  const wanted = all.filter((one) => state === undefined || one.state === state)
  const start = offset as number
  const pictures = wanted.slice(start, start + PAGE).map((one) => ({
    id: one.id,
    name: one.name,
    place: one.place,
    state: one.state,
    why: one.why,
    model: one.model,
    price: one.price,
    isUnused: one.isUnused,
  }))
  const left = wanted.length - start - pictures.length
  const next = left > 0 ? `${left} more: call "list" with offset ${start + PAGE}.` : undefined
  return { data: { total: wanted.length, pictures, next } }
}

async function summarise({ project }: Session): Promise<Given> {
  const { rows, problems, unusedProblems } = await plan(project)
  const due = rows.filter(({ state }) => state !== 'pinned')
  const withheld = await withheldOf(project, due)
  const { budget, options } = project
  const all = [...problems, ...unusedProblems]
  return {
    data: {
      pinned: rows.length - due.length,
      due: due.slice(0, PAGE).map((row) => ({
        id: shownId(row.declared),
        place: formatPlace(row.declared.place),
        state: row.state,
        estimate: formatEstimate(row.estimate),
      })),
      dueCount: due.length,
      estimate: formatEstimate(estimateSteps(stepsToPay(due, withheld))),
      budget: formatDollars(budget.limit),
      spent: formatDollars(budget.spent),
      monthlyBudget:
        options.monthlyBudget === undefined ? undefined : formatDollars(options.monthlyBudget),
      mode: options.mode,
      problems: all.map(({ code, message }) => ({ code, message })),
      next:
        due.length > 0 ? 'Call "generate" with ids and a budget, once a person agrees.' : undefined,
    },
  }
}

async function detailsOf(name: unknown, session: Session): Promise<PictureDetails> {
  const { toDetails, toItems } = await import('@gemini-image/studio/verbs')
  const { project, images } = session
  const planned = await plan(project)
  const row = rowNamed(name as string, planned)
  const [found] = await toItems(planned, project, images, new Set([row]))
  if (!found) throw noPicture(name)
  return toDetails(found, planned, project, images)
}

async function explain({ picture }: Input, session: Session): Promise<Given> {
  const { blur: _, ...details } = await detailsOf(picture, session)
  return { data: { ...details } }
}

async function show({ picture, variant }: Input, session: Session): Promise<Given> {
  const details = await detailsOf(picture, session)
  const chosen =
    variant === undefined ? details.image : details.choices[(variant as number) - 1]?.image
  const original = chosen && (await session.images.original(chosen.key))
  if (!original) throw noPicture(picture)
  const { bytes } = await scaleDown(original.bytes, THUMBNAIL, 'webp')
  const { id, place, width, height, alt } = details
  return {
    data: { id, place, width, height, alt },
    image: { type: 'image', mimeType: 'image/webp', data: Buffer.from(bytes).toString('base64') },
  }
}

async function generate({ pictures, budget, ask }: Input, session: Session): Promise<Given> {
  const { project, actions } = session
  const planned = await plan(project)
  const rows = (pictures as readonly string[]).map((name) => rowNamed(name, planned))
  const ids = [...new Set(rows.map(({ declared }) => shownId(declared)))]
  const { spent } = await actions.generate(ids, ask as 'again' | undefined, budget as number)
  const wanted = new Set(ids)
  const after = (await itemsOf(await plan(project), session)).filter(({ id }) => wanted.has(id))
  return {
    data: {
      spent,
      pictures: after.map(({ id, place, state, why, price }) => ({ id, place, state, why, price })),
      next: 'Call "show" to look at one.',
    },
  }
}

async function pick({ picture, variant, former }: Input, session: Session): Promise<Given> {
  const { project, actions, edits } = session
  if ((variant === undefined) === (former === undefined)) {
    throw new GeminiImageError({
      code: 'INVALID_ARGUMENT',
      what: 'One of "variant" and "former" is to be given.',
      fix: 'call "explain", which lists both.',
    })
  }
  const { declared } = rowNamed(picture as string, await plan(project))
  if (former !== undefined) {
    const id = shownId(declared)
    await actions.goBack(id, former as string)
    return { data: { id, former } }
  }
  fileInside(declared.file, project)
  await edits.pick(shownId(declared), variant as number)
  return { data: { place: formatPlace(declared.place), picked: variant } }
}

async function adopt({ picture, file, source }: Input, { project }: Session): Promise<Given> {
  const { declared } = rowNamed(picture as string, await plan(project))
  const named = fileInside(file as string, project)
  const bytes = await openFiles(project.options.root).readBytes('adopted', named)
  if (!bytes) throw noFile(file as string)
  const adopted = { bytes, name: path.basename(named), source: source as SourceType | undefined }
  const { entry, hints } = await adoptFile(declared, adopted, project)
  const { digitalSourceType, width, height } = entry
  const id = shownId(declared)
  return { data: { id, file: entry.file, digitalSourceType, width, height, hints } }
}

function noFile(file: string): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `There is no file ${file}.`,
    fix: 'write the path of a JPEG, PNG or WebP picture, from the root of the project.',
  })
}

function noPicture(name: unknown): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `There is nothing to show of ${JSON.stringify(name)}.`,
    fix: 'call "explain" to learn why, or "generate" it.',
  })
}
