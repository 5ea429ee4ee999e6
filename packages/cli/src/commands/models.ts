import {
  isGeminiImageError,
  plan,
  type GeminiImageError,
  type Plan,
  type Project,
} from '@gemini-image/core'
import { formatDollars, picturePrices } from '@gemini-image/core/internal'
import type { Command } from 'commander'
import { command, describeError, type Input, type Outcome } from '../command.ts'
import { paint } from '../output/colours.ts'
import { count, paragraphs, table } from '../output/table.ts'
import { openProject } from '../project/open-project.ts'

interface ModelsFlags {
  readonly all?: boolean
}

/** `gemini-image models`: what can generate, at what price, until when, and what the project uses. */
export function modelsCommand(): Command {
  const created = command<ModelsFlags>(
    'models',
    'show the models with their prices, limits and ends, what the project uses, and what the provider offers now; spends nothing',
    runModels,
  )
  return created.option('--all', 'list the other models as well that the provider offers')
}

async function runModels({ flags, terminal }: Input<ModelsFlags>): Promise<Outcome> {
  const project = await openProject(flags, terminal)
  const used = usesOf(await plan(project))
  const asked = await askedOf(project)
  const rows = project.options.lineUp.models.map((model) => describe(model, used, asked.ids))
  const known = new Set(rows.map(({ id }) => id))
  const others = (asked.ids ?? []).filter((id) => !known.has(id))
  const { aliases } = project.options.lineUp
  const failure = asked.failure === undefined ? undefined : describeError(asked.failure)
  return {
    report: { models: rows, aliases, others, failure },
    text: paragraphs(
      formatModels(rows),
      aliases.map(({ alias, candidates }) => `${alias} stands for ${candidates[0]}`).join('\n'),
      asked.failure?.message ?? tellOffers(rows, others, asked, flags),
    ),
    exitCode: asked.failure ? 1 : 0,
  }
}

type Model = Project['options']['lineUp']['models'][number]

/** Model id → how many pictures of the project it would generate. */
function usesOf({ rows, unusedRows }: Plan): ReadonlyMap<string, number> {
  const used = new Map<string, number>()
  for (const { declared } of [...rows, ...unusedRows]) {
    used.set(declared.model.id, (used.get(declared.model.id) ?? 0) + 1)
  }
  return used
}

interface Asked {
  /** The ids that the provider lists now; left out where it was not asked. */
  readonly ids?: readonly string[]
  readonly failure?: GeminiImageError
  /** Why it was not asked. */
  readonly missed?: string
}

/** Listing models costs nothing. */
async function askedOf({ options }: Project): Promise<Asked> {
  const { provider, definition } = options
  if (!provider) return { missed: `set ${definition.credentials.variable}.` }
  if (!provider.listModels)
    return { missed: `there is no list of the models of ${options.company}.` }
  try {
    return { ids: (await provider.listModels()).toSorted() }
  } catch (error) {
    if (!isGeminiImageError(error)) throw error
    return { failure: error }
  }
}

interface ModelReport {
  readonly id: string
  readonly name: string
  /** Size → US dollars a picture, without prompt and thinking; empty where nobody says what it costs. */
  readonly prices: Readonly<Record<string, number>>
  /** The most that a picture is taken to cost where nobody says, in US dollars. */
  readonly ceiling: number | undefined
  /** US dollars for a second of work, where that is what is billed. */
  readonly second: number | undefined
  readonly references: number
  readonly grounding: readonly string[]
  readonly thinking: readonly string[]
  readonly shutdown: string | undefined
  readonly successor: string | undefined
  /** How many pictures of the project it would generate. */
  readonly used: number
  /** Whether the provider lists it now; `undefined` where it was not asked. */
  readonly isOffered: boolean | undefined
}

function describe(
  model: Model,
  used: ReadonlyMap<string, number>,
  ids: readonly string[] | undefined,
): ModelReport {
  const { id, name, references, grounding, thinking, shutdown, successor } = model
  return {
    id,
    name,
    prices: picturePrices(model),
    ceiling: model.price.ceiling,
    second: model.price.second,
    references: references.total,
    grounding,
    thinking,
    shutdown,
    successor,
    used: used.get(id) ?? 0,
    isOffered: ids?.includes(id),
  }
}

function formatModels(rows: readonly ModelReport[]): string {
  return table(
    ['MODEL', 'A PICTURE', 'REFERENCES', 'LOOKS UP', 'ENDS', 'USED', ''],
    rows.map(
      ({ id, prices, ceiling, second, references, grounding, shutdown, used, isOffered }) => [
        id,
        ceiling === undefined
          ? formatPrices(prices)
          : `${second === undefined ? '' : `${formatDollars(second)} a second, `}at most ${formatDollars(ceiling)}`,
        String(references),
        grounding.join(', '),
        shutdown,
        used === 0 ? '' : String(used),
        isOffered === false ? paint('yellow', 'not offered') : '',
      ],
    ),
  )
}

/** `1K–2K $0.0400, 4K $0.2400`: sizes of one price together. */
function formatPrices(prices: ModelReport['prices']): string {
  const groups = Object.values(Object.groupBy(Object.entries(prices), ([, price]) => String(price)))
  return groups
    .map((group = []) => {
      const [[first = '', price = 0] = []] = group
      const last = group.at(-1)?.[0] ?? first
      return `${first === last ? first : `${first}–${last}`} ${formatDollars(price)}`
    })
    .join(', ')
}

function tellOffers(
  rows: readonly ModelReport[],
  others: readonly string[],
  { ids, missed: why }: Asked,
  { all }: ModelsFlags,
): string {
  if (!ids) return `Nobody was asked what is offered now: ${why}`
  const gone = rows.filter(({ isOffered, used }) => isOffered === false && used > 0)
  const lacking = gone.map(({ id }) => id).join(', ')
  const missed =
    gone.length > 0
      ? `The project uses ${lacking}, which is not offered. "npx gemini-image outdated" shows what could take its place.`
      : ''
  if (others.length === 0) return missed
  const names = all ? `:\n${others.map((id) => `  ${id}`).join('\n')}` : '; --all lists them'
  const more = `${count(others.length, 'other model')} offered${names}. The option "models" adds one that draws.`
  return paragraphs(missed, more)
}
