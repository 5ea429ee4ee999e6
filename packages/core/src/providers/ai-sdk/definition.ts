import { listWords } from '../../kernel/suggest.ts'
import {
  PROVIDER_VERSION,
  type CredentialsCheck,
  type ProviderDefinition,
  type ProviderEnv,
} from '../definition.ts'
import type { AliasRow } from '../models/model.ts'
import type { Provider } from '../provider.ts'
import { credentialsOf } from './credentials.ts'
import { invalid, readEntry, type Entry } from './entries.ts'
import type { AiSdkEntry, AiSdkModel, AiSdkModelOptions, AiSdkModels } from './options.ts'
import { rulesOf } from './rules.ts'

export type * from './options.ts'
export type * from './image-model.ts'
export type { Json, ProviderOptions } from '../request.ts'

/**
 * An image model of the AI SDK: of `@ai-sdk/openai`, `@ai-sdk/fal`, `@ai-sdk/replicate`, `@ai-sdk/openai-compatible` and
 * others, for the AI SDK 6 and 7.
 *
 * ```ts
 * import { openai } from '@ai-sdk/openai'
 * import { aiSdk } from 'unplugin-gemini-image/providers'
 *
 * export default { provider: aiSdk(openai.image('gpt-image-1'), { price: { perImage: 0.07 } }) }
 * ```
 * @throws {GeminiImageError} `INVALID_OPTION`.
 */
export function aiSdk(model: AiSdkModel, options?: AiSdkModelOptions): ProviderDefinition
/**
 * Several of them, by the names under which declarations ask for them; the first is the default.
 *
 * ```ts
 * aiSdk({ photo: openai.image('gpt-image-1'), sketch: { model: fal.image('fal-ai/flux/schnell'), price: { perImage: 0.003 } } })
 * ```
 * @throws {GeminiImageError} `INVALID_OPTION`.
 */
export function aiSdk(models: AiSdkModels): ProviderDefinition
export function aiSdk(
  given: AiSdkModel | AiSdkModels,
  options: AiSdkModelOptions = {},
): ProviderDefinition {
  return define(isOfSeveral(given) ? readModels(given) : readOne(given, options))
}

/** The models of a project, by the names that declarations may use. */
interface Models {
  readonly entries: ReadonlyMap<string, Entry>
  readonly aliases: readonly AliasRow[]
  readonly defaultModel: string
}

function isOfSeveral(given: AiSdkModel | AiSdkModels): given is AiSdkModels {
  return typeof given === 'object' && given !== null && typeof given.doGenerate !== 'function'
}

function readOne(model: AiSdkModel, options: AiSdkModelOptions): Models {
  const entry = readEntry({ ...options, model })
  return { entries: new Map([[entry.row.id, entry]]), aliases: [], defaultModel: entry.row.id }
}

function readModels(given: AiSdkModels): Models {
  const entries = new Map<string, Entry>()
  const aliases = Object.entries(given).map(([alias, one]): AliasRow => {
    const [first, ...rest] = [one].flat().map((each: AiSdkModel | AiSdkEntry) => readEntry(each))
    if (!first) throw invalid(`"${alias}" stands for no model.`, 'name one at least.')
    const other = rest.find(({ providerName }) => providerName !== first.providerName)
    if (other) throw acrossCompanies(alias, first, other)
    const add = (entry: Entry): string => addEntry(entries, entry, alias)
    return { alias, candidates: [add(first), ...rest.map(add)] }
  })
  const [first] = aliases
  if (!first) throw invalid('aiSdk() was given no model.', 'name one at least.')
  return { entries, aliases, defaultModel: first.alias }
}

/** Two names may stand for one model with options of their own: the second has its name behind the model's. */
function addEntry(entries: Map<string, Entry>, entry: Entry, alias: string): string {
  const { row } = entry
  const id = entries.has(row.id) ? `${row.id} (${alias})` : row.id
  entries.set(id, { ...entry, row: { ...row, id } })
  return id
}

/** Whoever is asked for a picture draws it, or nobody does. */
function acrossCompanies(alias: string, first: Entry, other: Entry): Error {
  return invalid(
    `"${alias}" stands for models of ${first.company} and of ${other.company}.`,
    'give each company a name of its own: one never takes over from another.',
  )
}

function define({ entries, aliases, defaultModel }: Models): ProviderDefinition {
  const all = [...entries.values()]
  const variables = [...new Set(all.flatMap((entry) => entry.variables))]
  const company = listWords([...new Set(all.map((entry) => entry.company))])
  const models = all.map(({ row }) => row)
  return {
    version: PROVIDER_VERSION,
    id: 'ai-sdk',
    identity: JSON.stringify([models, aliases, variables, all.map((entry) => entry.takesSeed)]),
    words: { company, search: 'a search', guide: `${company}'s guide` },
    credentials: credentialsOf(variables, all.find(({ page }) => page !== undefined)?.page),
    catalogue: {
      models,
      aliases,
      rules: rulesOf(entries),
      takes: ['providerOptions'],
      defaultModel,
      textModels: [],
      languages: [],
    },
    checkCredentials: async (env) => checkKeys(all, env),
    open: (settings, env) =>
      all.some((entry) => mayAsk(entry, env))
        ? later(async () => {
            const { aiSdkProvider } = await import('./provider.ts')
            return aiSdkProvider(entries, settings, env)
          })
        : undefined,
  }
}

/** Whether there is a key, where one is needed. */
function mayAsk({ variables }: Entry, env: ProviderEnv): boolean {
  return variables.length === 0 || variables.some((name) => env[name]?.trim())
}

function checkKeys(entries: readonly Entry[], env: ProviderEnv): CredentialsCheck {
  const lacking = entries.filter((entry) => !mayAsk(entry, env))
  const keys = [...new Set(lacking.flatMap(({ variables }) => variables.slice(0, 1)))]
  if (keys.length > 0) {
    const names = listWords([...new Set(lacking.map(({ company }) => company))])
    const text = `There is no API key for ${names}: nothing of theirs can be generated here. What is pinned builds without one. Set ${listWords(keys)}.`
    return { verdict: 'warning', text }
  }
  const set = entries.flatMap(({ variables }) => variables.filter((name) => env[name]?.trim()))
  const names = [...new Set(set)]
  const text =
    names.length > 0
      ? `${listWords(names)} ${names.length === 1 ? 'is' : 'are'} set.`
      : 'The configuration names no key that is needed.'
  return { verdict: 'ok', text }
}

/** A provider whose code is loaded when it is asked something. */
function later(load: () => Promise<Provider>): Provider {
  let loading: Promise<Provider> | undefined
  return {
    name: 'ai-sdk',
    generate: async (job, context) => (await (loading ??= load())).generate(job, context),
  }
}
