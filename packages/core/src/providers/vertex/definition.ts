import { GeminiImageError } from '../../kernel/errors/error.ts'
import { PROVIDER_VERSION, type ProviderDefinition, type ProviderEnv } from '../definition.ts'
import { ALIASES, DEFAULT_MODEL, MODELS, TRANSPORTS } from '../google/catalogue.ts'
import { checkBaseUrl, checkKey } from '../google/checks.ts'
import { PROMPT_LANGUAGES } from '../google/languages.ts'
import { OF_VERTEX, RULES } from '../google/rules.ts'
import { TEXT_MODELS } from '../google/text-models.ts'
import { GOOGLE_WORDS } from '../google/words.ts'
import { ofOneApi } from './rules.ts'
import { baseUrlOf } from './address.ts'
import { BATCH_LIMITS } from './batch-limits.ts'
import { readBucket } from './bucket-address.ts'
import { later } from './later.ts'
import { KEY_VARIABLE, VERTEX_CREDENTIALS } from './credentials.ts'

/** How Vertex AI is asked. */
export interface VertexOptions {
  /**
   * The Google Cloud project that pays.
   * @default GOOGLE_CLOUD_PROJECT; without that and a location the express key in GOOGLE_API_KEY, or the project of a
   *   service account
   */
  readonly project?: string | undefined
  /**
   * Where it answers: a region such as `europe-west4`, `us`, `eu` or `global`.
   * @default GOOGLE_CLOUD_LOCATION, else 'global'
   */
  readonly location?: string | undefined
  /**
   * Whether the key in GOOGLE_API_KEY is sent in place of a token, also where there is a project.
   * @default false
   */
  readonly useKey?: boolean | undefined
  /**
   * The version of the API.
   * @default 'v1beta1'
   */
  readonly apiVersion?: string | undefined
  /**
   * Labels of each request, by which a bill can be broken down. They are part of no fingerprint.
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>> | undefined
  /**
   * A bucket of Cloud Storage, with a folder or without, for the requests and results of batch jobs: `gs://my-bucket`.
   * @default none: there are no batch jobs
   */
  readonly bucket?: string | undefined
  /**
   * Hosts, with their port where it is not 443, that a file of credentials may name besides Google's and the
   * runner's of GitHub Actions.
   * @default []
   */
  readonly trustedHosts?: readonly string[] | undefined
}

/** What becomes part of a host or a path. */
const NAMES: Readonly<Record<'project' | 'location', RegExp>> = {
  // Those of domains have a colon.
  project: /^[a-z\d][a-z\d.:-]*$/,
  location: /^[a-z][a-z\d-]*$/,
}

/**
 * Gemini's image models on Vertex AI, with the credentials of Google Cloud: a service account, your own after "gcloud auth
 * application-default login", workload identity in CI, those of the machine, or an express key.
 * Pictures that are pinned through the Developer API are not paid for again.
 *
 * ```ts
 * import { vertex } from 'unplugin-gemini-image/providers'
 *
 * export default { provider: vertex({ project: 'my-project', location: 'global' }) }
 * ```
 * @throws {GeminiImageError} `INVALID_OPTION`.
 */
export function vertex(options: VertexOptions = {}): ProviderDefinition {
  assertName('project', options.project)
  assertName('location', options.location)
  assertLabels(options.labels ?? {})
  if (options.bucket !== undefined) readBucket(options.bucket)
  return {
    version: PROVIDER_VERSION,
    id: 'vertex',
    identity: JSON.stringify(options),
    words: GOOGLE_WORDS,
    credentials: VERTEX_CREDENTIALS,
    catalogue: {
      models: MODELS,
      aliases: ALIASES,
      rules: [...RULES, ofOneApi],
      transports: TRANSPORTS,
      takes: OF_VERTEX,
      defaultModel: DEFAULT_MODEL,
      textModels: TEXT_MODELS,
      languages: PROMPT_LANGUAGES,
      batch: options.bucket === undefined ? undefined : BATCH_LIMITS,
    },
    checkCredentials: async (env) => {
      const { checkCredentials } = await import('./check-credentials.ts')
      return checkCredentials(projectOf(options, env), keyOf(options, env), env)
    },
    open: (settings, env) => {
      const location = locationOf(options, env) ?? 'global'
      const project = projectOf(options, env)
      assertName('project', project)
      assertName('location', location)
      const key = keyOf(options, env)
      if (key) checkKey(key, KEY_VARIABLE, VERTEX_CREDENTIALS.page)
      const ownUrl = baseUrlOf(key && project === undefined ? 'global' : location)
      const { baseUrl: variable } = VERTEX_CREDENTIALS
      const baseUrl = checkBaseUrl(env[variable]?.trim() || ownUrl, variable, ownUrl)
      return later(options.bucket !== undefined, async () => {
        const { vertexProvider } = await import('./provider.ts')
        return vertexProvider({
          ...settings,
          apiVersion: options.apiVersion ?? 'v1beta1',
          baseUrl,
          key,
          project,
          location,
          env,
          trustedHosts: options.trustedHosts ?? [],
          labels: options.labels,
          bucket: options.bucket,
        })
      })
    },
  }
}

function projectOf({ project }: VertexOptions, env: ProviderEnv): string | undefined {
  return project ?? (env['GOOGLE_CLOUD_PROJECT']?.trim() || undefined)
}

function locationOf({ location }: VertexOptions, env: ProviderEnv): string | undefined {
  return location ?? (env['GOOGLE_CLOUD_LOCATION']?.trim() || undefined)
}

/** Where a project or a location is named, its credentials are asked for, unless the key is: so does Google's own SDK. */
function keyOf(options: VertexOptions, env: ProviderEnv): string | undefined {
  const isNamed = projectOf(options, env) ?? locationOf(options, env)
  const isWanted = options.useKey || isNamed === undefined
  return isWanted ? env[KEY_VARIABLE]?.trim() || undefined : undefined
}

/** @see https://cloud.google.com/resource-manager/docs/labels-overview#requirements */
const LABEL = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u
const LABEL_VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u

function assertLabels(labels: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(labels)) {
    if (LABEL.test(name) && LABEL_VALUE.test(value)) continue
    throw new GeminiImageError({
      code: 'INVALID_OPTION',
      what: `"${name}: ${value}" is no label of Google Cloud.`,
      fix: 'fix it in vertex({ labels: … }): lower-case letters, digits, "_" and "-", at most 63 characters, and a letter first in its name.',
    })
  }
}

function assertName(name: keyof typeof NAMES, value: string | undefined): void {
  if (value === undefined || NAMES[name].test(value)) return
  throw new GeminiImageError({
    code: 'INVALID_OPTION',
    what: `"${value}" is no ${name} of Google Cloud.`,
    fix: `fix it in vertex({ ${name}: "…" }), or in GOOGLE_CLOUD_${name.toUpperCase()}.`,
  })
}
