import path from 'node:path'
import { z } from 'zod'
import { gatherOptions, type GatheredOptions } from './gather-options.ts'
import type { Options, Mode } from './options.ts'
import { didYouMean, listWords } from '../kernel/suggest.ts'
import { GeminiImageError, joinErrors } from '../kernel/errors/error.ts'
import { chosenProvider, DEFAULT_PROVIDER } from '../providers/built-in.ts'
import {
  PROVIDER_VERSION,
  type Catalogue,
  type ProviderDefinition,
  type ProviderSettings,
} from '../providers/definition.ts'
import {
  extendLineUp,
  findModel,
  modelNames,
  type LineUp,
  type ModelOverride,
} from '../providers/models/line-up.ts'
import { PRICE_SHAPE } from '../providers/models/price.ts'
import type { Provider } from '../providers/provider.ts'
import type { LayerSetting } from '../declare/layers.ts'
import { formProblem } from '../pixels/renditions/forms/check-form.ts'
import type { CustomForm, CustomForms } from '../pixels/renditions/forms/custom-form.ts'
import type { RenditionPresets } from '../pixels/renditions/query.ts'
import { renditionSchema } from '../pixels/renditions/settings-schema.ts'
import { isCi, type EnvWithFiles } from './env-files.ts'
import { inertLogger, silentLogger, type Logger } from '../kernel/logger.ts'
import type { SharedStore } from '../team/shared-store.ts'
import { globsOfOutput, placesOf, type ProjectPlaces } from './places.ts'

/**
 * The options of a project: those of its configuration file, with the given ones over them, one by
 * one. Every host and the command begin with this.
 * @param options What the plugin or the command line says; what is `undefined` says nothing.
 * @throws {GeminiImageError} `INVALID_OPTION` or `INVALID_CONFIG`.
 */
export async function openOptions(
  options: Options,
  surroundings: Surroundings,
): Promise<ResolvedOptions> {
  return judgeOptions(await gatherOptions(options, surroundings.hostRoot), surroundings)
}

/**
 * What was gathered, validated and with every default filled in. Where nothing names a provider, variables may choose one.
 * @throws {GeminiImageError} `INVALID_OPTION`.
 */
export async function judgeOptions(
  { options, config }: GatheredOptions,
  surroundings: Surroundings,
): Promise<ResolvedOptions> {
  if (config) parseOptions(config.options, `in ${path.basename(config.file)}`)
  const provider = options.provider ?? (await chosenProvider(surroundings.env))
  const env = envOf(provider, surroundings)
  const resolved = resolveOptions({ ...options, provider }, { ...surroundings, env })
  return { ...resolved, configFile: config?.file, configInputs: config?.inputs ?? [] }
}

/** The variables of a run, those that the provider reads from env files included. */
function envOf(provider: Options['provider'], { env, envFor }: Surroundings): Surroundings['env'] {
  if (!provider || !isProvider(provider) || !isDefinition(provider)) return env
  return envFor?.(provider.credentials) ?? env
}

/** What the surroundings of a run contribute. */
export interface Surroundings {
  /** Where the host works: Vite's root, or a terminal's working directory. Absolute. */
  readonly hostRoot: string
  readonly env: Readonly<Record<string, string | undefined>>
  /**
   * The variables with those of a provider that the configuration names: which of them env files hold is known then.
   * @default env
   */
  readonly envFor?: EnvWithFiles['envFor'] | undefined
  readonly logger?: Logger | undefined
  /** A mode that the host's own command line asks for; beats the option, not the variable. */
  readonly hostMode?: Mode | undefined
  /** Files and folders that the host writes, absolute: what is built declares nothing. @default none */
  readonly outputs?: readonly string[] | undefined
  /** A folder of the host's own for files that can be made again, absolute; used where the project's can't be written. */
  readonly cacheDir?: string | undefined
}

/** Options with every default filled in and every path absolute. */
export interface ResolvedOptions extends ProjectPlaces {
  readonly root: string
  /** As in {@link Surroundings.cacheDir}. */
  readonly hostCacheDir: string | undefined
  /** Absolute path of the configuration file, where the project has one. */
  readonly configFile?: string | undefined
  /** Absolute paths of the modules that decide what it says: itself, and those of the project that it imports. */
  readonly configInputs?: readonly string[] | undefined
  readonly mode: Mode
  readonly model: string
  /** The models that declarations may name. */
  readonly lineUp: LineUp
  readonly styles: Readonly<Record<string, string>>
  readonly vars: Readonly<Record<string, string>>
  /** As in {@link Options.languages}; `undefined` where the host's configuration is looked at. */
  readonly languages?: readonly string[] | undefined
  readonly remoteHosts: readonly string[]
  /** US dollars. */
  readonly budget: number
  /** US dollars; `undefined` where a month has no cap. */
  readonly monthlyBudget: number | undefined
  readonly concurrency: number
  /** Milliseconds. */
  readonly quietPeriod: number
  readonly exclude: readonly string[]
  readonly commitsStore: boolean
  /** Where a team shares what it has paid for. */
  readonly shared: SharedOptions | undefined
  /** What labels in picture files hold beside what they always do. */
  readonly labels: { readonly prompt: boolean }
  readonly presets: RenditionPresets
  readonly forms: CustomForms
  readonly layers: Readonly<Record<string, readonly LayerSetting[]>>
  readonly logger: Logger
  /** What the project's provider brings, with or without a key. */
  readonly definition: ProviderDefinition
  /** Who answers, for messages: a company, or the name of a provider of one's own. */
  readonly company: string
  /** What generates; `undefined` where there is no key. It keeps the key to itself. */
  readonly provider: Provider | undefined
  /** Whether Turborepo runs this process: it takes variables away that `turbo.json` does not name. */
  readonly isTurboTask: boolean
}

/** A team's store, and how it is used. */
interface SharedOptions {
  readonly store: SharedStore
  readonly readonly: boolean
  /** Milliseconds. */
  readonly expiry: number
}

/** Text that a request can carry: UTF-8 has no half of a character. */
const wellFormed = z
  .string()
  .refine((text) => text.isWellFormed(), 'write whole characters, not halves (lone surrogates)')

const MODES = ['auto', 'frozen', 'placeholder'] as const

const sizeRow = z.strictObject({
  pixels: z.record(z.string(), z.tuple([z.int().positive(), z.int().positive()])),
  tokens: z.number().nonnegative(),
  fewestTokens: z.number().nonnegative().optional(),
})

/** Nobody knows before how many seconds a picture takes. */
function isPriced({
  second,
  ceiling,
}: {
  readonly second?: number | undefined
  readonly ceiling?: number | undefined
}): boolean {
  return second === undefined || ceiling !== undefined
}

/** A row of the option `models`; whatever is left out is that of the row it is like. */
const modelOverrideSchema: z.ZodType<ModelOverride> = z
  .strictObject({
    like: z.string(),
    name: z.string(),
    family: z.string(),
    sizes: z.record(z.string(), sizeRow),
    takesSize: z.boolean(),
    references: z.strictObject({
      total: z.int().nonnegative(),
      objects: z.int().nonnegative(),
      characters: z.int().nonnegative(),
      tokens: z.number().nonnegative(),
    }),
    thinks: z.boolean(),
    thinking: z.array(z.enum(['minimal', 'low', 'medium', 'high'])),
    grounding: z.array(z.enum(['web', 'images'])),
    price: z.union([
      z.strictObject({ ceiling: z.number().nonnegative(), second: PRICE_SHAPE.second }),
      z.strictObject(PRICE_SHAPE).refine(isPriced, 'a price by the second needs a ceiling'),
    ]),
    shutdown: z.string(),
    successor: z.string(),
    source: z.string(),
    asOf: z.string(),
  })
  .partial() as unknown as z.ZodType<ModelOverride>

/** As BCP 47 has them, and with underscores. */
const LANGUAGE_TAG = /^[A-Za-z]{2,8}(?:[-_][A-Za-z\d]{1,8})*$/

const schema = z.strictObject({
  root: z.string().optional(),
  mode: z.enum(MODES).optional(),
  model: z.string().optional(),
  budget: z.number().nonnegative().default(1),
  monthlyBudget: z.number().nonnegative().optional(),
  concurrency: z.number().int().min(1).max(100).default(6),
  timeout: z.int().positive().default(180_000),
  attempts: z.number().int().min(1).max(20).default(4),
  totalTimeout: z.number().positive().default(600_000),
  retryDelay: z.number().nonnegative().default(1000),
  quietPeriod: z.number().nonnegative().default(2000),
  apiVersion: z
    .string()
    .regex(/^v\d+[a-z\d]*$/)
    .default('v1beta'),
  transport: z.string().optional(),
  serverState: z.boolean().default(false),
  styles: z.record(z.string(), wellFormed).default({}),
  vars: z.record(z.string(), wellFormed).default({}),
  languages: z
    .array(z.string().regex(LANGUAGE_TAG, 'write a language tag such as de or pt-BR'))
    .min(1)
    .refine((list) => new Set(list).size === list.length, 'name each language once')
    .optional(),
  remoteHosts: z
    .array(z.string().regex(/^[a-z\d.-]+(?::\d+)?$/, 'write a host such as example.com'))
    .default([]),
  models: z.record(z.string(), modelOverrideSchema).default({}),
  aliases: z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)])).default({}),
  exclude: z.array(z.string()).default([]),
  store: z
    .strictObject({
      commit: z.boolean().default(true),
      shared: z
        .custom<SharedStore>(isSharedStore, 'a store has get, has, put and delete')
        .optional(),
      readonly: z.boolean().default(false),
      leaseExpiry: z.number().min(1000).default(30_000),
    })
    .prefault({}),
  presets: z.record(z.string(), renditionSchema).default({}),
  forms: z
    .record(z.string(), z.custom<CustomForm>())
    .superRefine((forms, { addIssue }) => {
      for (const [name, form] of Object.entries(forms)) {
        const message = formProblem(name, form)
        if (message !== undefined) addIssue({ code: 'custom', path: [name], message })
      }
    })
    .default({}),
  // Each is read where a declaration names it.
  layers: z
    .record(
      z.string(),
      z.array(z.custom<LayerSetting>(isObject, 'a layer is an object').meta({ isLayer: true })),
    )
    .default({}),
  labels: z.strictObject({ prompt: z.boolean().default(false) }).prefault({}),
  provider: z
    .custom<Provider | ProviderDefinition>(
      isProvider,
      `a provider has a method generate(), or version ${PROVIDER_VERSION} and a method open()`,
    )
    .optional(),
})

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

type Checked = z.infer<typeof schema>

/** All options, for whoever writes down what they take. */
export const OPTIONS_SCHEMA: z.ZodType = schema

/**
 * Turns options and surroundings into what a project works with. Nothing else reads raw options,
 * the environment or the working directory.
 * @throws {GeminiImageError} `INVALID_OPTION`.
 */
export function resolveOptions(options: Options, surroundings: Surroundings): ResolvedOptions {
  const checked = parseOptions(options, 'where the plugin or the command is configured')
  const answering = openProvider(checked, surroundings.env)
  const { catalogue } = answering.definition
  const lineUp = openLineUp(catalogue, checked)
  const { model = catalogue.defaultModel } = checked
  if (!findModel(model, lineUp)) throw unknownModel(model, lineUp)
  const root = path.resolve(surroundings.hostRoot, checked.root ?? '.')
  const mode = findMode(checked.mode, surroundings)
  return {
    root,
    mode,
    model,
    lineUp,
    styles: checked.styles,
    vars: checked.vars,
    languages: checked.languages,
    remoteHosts: checked.remoteHosts,
    budget: checked.budget,
    monthlyBudget: checked.monthlyBudget,
    concurrency: checked.concurrency,
    quietPeriod: checked.quietPeriod,
    exclude: [
      ...checked.exclude,
      ...(surroundings.outputs ?? []).flatMap((output) => globsOfOutput(root, output)),
    ],
    ...placesOf(root),
    hostCacheDir: surroundings.cacheDir,
    commitsStore: checked.store.commit,
    shared: findShared(checked.store, mode, surroundings.env),
    labels: checked.labels,
    presets: checked.presets,
    forms: checked.forms,
    layers: checked.layers,
    logger: inertLogger(surroundings.logger ?? silentLogger),
    ...answering,
    isTurboTask: Boolean(surroundings.env['TURBO_HASH']),
  }
}

/**
 * @param where Where a person wrote them, for messages.
 * @throws {GeminiImageError} `INVALID_OPTION`.
 */
function parseOptions(options: Options, where: string): Checked {
  const defined = Object.entries(options).filter(([, value]) => value !== undefined)
  const parsed = schema.safeParse(Object.fromEntries(defined))
  if (parsed.success) return parsed.data
  throw joinErrors(parsed.error.issues.flatMap((issue) => invalidOptions(issue, where)))
}

function findMode(option: Mode | undefined, { env, hostMode }: Surroundings): Mode {
  const variable = env['GEMINI_IMAGE_MODE']?.trim()
  if (variable) {
    const mode = MODES.find((known) => known === variable)
    if (!mode) throw unknownMode(variable)
    return mode
  }
  return hostMode ?? option ?? (isCi(env) ? 'frozen' : 'auto')
}

function findShared(
  { shared, readonly, leaseExpiry }: Checked['store'],
  mode: Mode,
  env: Surroundings['env'],
): SharedOptions | undefined {
  const variable = env['GEMINI_IMAGE_STORE']?.trim()
  if (variable && variable !== 'readonly' && variable !== 'off') throw unknownStoreUse(variable)
  if (!shared || variable === 'off') return undefined
  // Whatever generates nothing has nothing to write.
  const isRead = readonly || variable === 'readonly' || mode !== 'auto'
  return { store: shared, readonly: isRead, expiry: leaseExpiry }
}

/** A provider of one's own that brings no models generates those of the default. */
function openProvider(
  options: Checked,
  env: Surroundings['env'],
): Pick<ResolvedOptions, 'definition' | 'company' | 'provider'> {
  const { provider } = options
  const isOwn = provider && !isDefinition(provider)
  const definition = isOwn ? DEFAULT_PROVIDER : (provider ?? DEFAULT_PROVIDER)
  const settings = settingsOf(options, definition.catalogue)
  if (isOwn) return { definition, company: provider.name, provider }
  const { company } = definition.words
  return { definition, company, provider: definition.open(settings, env) }
}

/** What a provider is told: no option that is none of its own, whatever it makes of them. */
function settingsOf(
  { apiVersion, transport, serverState, timeout, attempts, retryDelay, totalTimeout }: Checked,
  { transports = [] }: Catalogue,
): ProviderSettings {
  if (transport !== undefined && !transports.includes(transport)) {
    throw unknownTransport(transport, transports)
  }
  return {
    apiVersion,
    transport: transport ?? transports[0],
    serverState,
    timeout,
    attempts,
    retryDelay,
    totalTimeout,
  }
}

function openLineUp(catalogue: Catalogue, { models, aliases }: Checked): LineUp {
  const families = new Set(catalogue.models.map(({ family }) => family))
  for (const [id, { family }] of Object.entries(models)) {
    if (family !== undefined && !families.has(family)) throw unknownFamily(id, [...families])
  }
  try {
    return extendLineUp(catalogue, models, aliases)
  } catch (cause) {
    throw new GeminiImageError({
      code: 'INVALID_OPTION',
      what: `The option "models" cannot be used: ${(cause as Error).message}.`,
      fix: `name a model of the catalogue that the new one is "like": ${listWords(catalogue.models.map(({ id }) => id))}.`,
      cause,
    })
  }
}

/** What to do where there is no API key, as the beginning of a sentence. */
export function setKey({
  isTurboTask,
  definition,
}: Pick<ResolvedOptions, 'isTurboTask' | 'definition'>): string {
  const { variable: name, page } = definition.credentials
  const turbo = `add "${name}" to the task's "passThroughEnv" in turbo.json, without which Turborepo does not pass the key on; `
  return `${isTurboTask ? turbo : ''}set ${name} (${page})`
}

function isSharedStore(value: unknown): value is SharedStore {
  const store = value as Partial<Record<string, unknown>> | null
  return ['get', 'has', 'put', 'delete'].every((name) => typeof store?.[name] === 'function')
}

function isProvider(value: unknown): boolean {
  const { generate, open, version } = (value ?? {}) as Readonly<Record<string, unknown>>
  if (typeof open === 'function') return version === PROVIDER_VERSION
  return typeof generate === 'function'
}

function isDefinition(provider: Provider | ProviderDefinition): provider is ProviderDefinition {
  return 'open' in provider
}

function invalidOptions(issue: z.core.$ZodIssue, where: string): GeminiImageError[] {
  const known = Object.keys(schema.shape)
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0) {
    return issue.keys.map(
      (key) =>
        new GeminiImageError({
          code: 'INVALID_OPTION',
          what: `gemini-image has no option "${key}".`,
          fix: `fix it ${where}. ${didYouMean(key, known)}The options are ${listWords(known)}.`,
        }),
    )
  }
  return [
    new GeminiImageError({
      code: 'INVALID_OPTION',
      what: `The option "${issue.path.join('.')}" cannot be used: ${issue.message}.`,
      fix: `fix it ${where}.`,
    }),
  ]
}

function unknownFamily(id: string, families: readonly string[]): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_OPTION',
    what: `The option "models.${id}.family" is none that the provider has.`,
    fix: `The families are ${listWords(families)}.`,
  })
}

function unknownTransport(transport: string, transports: readonly string[]): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_OPTION',
    what: `The option "transport" is "${transport}", which is no API of the provider.`,
    fix:
      transports.length > 0
        ? `${didYouMean(transport, transports)}The APIs are ${listWords(transports)}.`
        : 'leave it out: the provider has no choice of APIs.',
  })
}

function unknownModel(model: string, lineUp: LineUp): GeminiImageError {
  const names = modelNames(lineUp)
  return new GeminiImageError({
    code: 'INVALID_OPTION',
    what: `The option "model" is "${model}", which is not in the catalogue.`,
    fix: `${didYouMean(model, names)}The models are ${listWords(names)}.`,
  })
}

function unknownStoreUse(value: string): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_OPTION',
    what: `GEMINI_IMAGE_STORE is "${value}".`,
    fix: `${didYouMean(value, ['readonly', 'off'])}It may be "readonly" or "off".`,
  })
}

function unknownMode(mode: string): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_OPTION',
    what: `GEMINI_IMAGE_MODE is "${mode}".`,
    fix: `${didYouMean(mode, MODES)}The modes are ${listWords(MODES)}.`,
  })
}
