import { z } from 'zod'
import { GeminiImageError, isGeminiImageError, reworded } from '../../kernel/errors/error.ts'
import type { BatchProvider } from '../batch-provider.ts'
import type { ProviderEnv } from '../definition.ts'
import { openApiClient, pagesOf } from '../google/api-client.ts'
import { googleProvider, type GoogleOptions, type Identified } from '../google/google.ts'
import { RateLimiter } from '../rate-limiter.ts'
import { badAnswer } from '../google/refusal.ts'
import { list } from '../lenient.ts'
import type { Provider } from '../provider.ts'
import { PictureRefusal } from '../refusal.ts'
import { parentOf, toVertexPath } from './address.ts'
import { vertexBatch } from './batch.ts'
import { readCredentialFile } from './credential-file.ts'
import { GOOGLE_CREDENTIALS } from '../google/credentials.ts'
import { GOOGLE_WORDS } from '../google/words.ts'
import { VERTEX_CREDENTIALS } from './credentials.ts'
import { openTokens, type TokenSource } from './token.ts'

/** How Vertex AI is reached. */
export interface VertexConnection extends Omit<GoogleOptions, 'identify' | 'key' | 'identity'> {
  /** An express key, or one that is sent along with a project. */
  readonly key: string | undefined
  /** `undefined` for an express key, or for that of the credentials. */
  readonly project: string | undefined
  readonly location: string
  readonly env: ProviderEnv
  /** Hosts, besides Google's, that credentials may be sent to. */
  readonly trustedHosts: readonly string[]
  /** For batch jobs: `gs://…`. */
  readonly bucket: string | undefined
}

/** Answers with Vertex AI: the requests of the Developer API, at other addresses and with other credentials. */
export function vertexProvider(connection: VertexConnection): Provider {
  const identify = identifier(connection)
  const options: GoogleOptions = { ...connection, key: connection.key ?? '', identify }
  const { generate, describe } = googleProvider(options)
  const { bucket } = connection
  return {
    ...(bucket !== undefined && {
      batch: inBatchWords(vertexBatch({ options, identify, bucket })),
    }),
    name: 'vertex',
    generate: (job, context) => inWords(() => generate(job, context)),
    ...(describe && { describe: (job, context) => inWords(() => describe(job, context)) }),
    listModels: () => inWords(() => listModels(options, identify)),
  }
}

/** Says who asks, and where; credentials are looked for once, when something asks first. */
function identifier({
  key,
  project,
  location,
  env,
  trustedHosts,
}: VertexConnection): () => Promise<Identified> {
  let opened: { readonly tokens: TokenSource; readonly parent: string } | undefined
  return async () => {
    if (key !== undefined) {
      const parent = parentOf(project, location)
      return { key, toPath: (path) => toVertexPath(path, parent) }
    }
    opened ??= open({ project, location, env, trustedHosts })
    const { tokens, parent } = opened
    const identity = await tokens()
    const token = (identity['authorization'] ?? '').replace(/^Bearer /, '')
    return { key: token, identity, toPath: (path) => toVertexPath(path, parent) }
  }
}

function open({
  project,
  location,
  env,
  trustedHosts,
}: Pick<VertexConnection, 'project' | 'location' | 'env' | 'trustedHosts'>): {
  readonly tokens: TokenSource
  readonly parent: string
} {
  const file = readCredentialFile(env)
  const own = file?.content.type === 'service_account' ? file.content.project_id : undefined
  const found = project ?? own
  if (found === undefined) {
    throw new GeminiImageError({
      code: 'INVALID_OPTION',
      what: 'Vertex AI needs to know the project, and nothing names it.',
      fix: 'write vertex({ project: "…" }), or set GOOGLE_CLOUD_PROJECT.',
    })
  }
  return { tokens: openTokens(file, env, trustedHosts), parent: parentOf(found, location) }
}

const page = z.object({ publisherModels: list(z.object({ name: z.string() })) })

/** The ids of all models that Google publishes there. Costs nothing. */
async function listModels(
  options: GoogleOptions,
  identify: () => Promise<Identified>,
): Promise<readonly string[]> {
  const never = new AbortController().signal
  const { key, identity } = await identify()
  const client = openApiClient(
    { ...options, key, identity },
    new RateLimiter(GOOGLE_WORDS.company),
    {
      signal: never,
      cutOff: never,
    },
  )
  const ids: string[] = []
  for await (const json of pagesOf('publishers/google/models?pageSize=1000', client)) {
    const parsed = page.safeParse(json)
    if (!parsed.success) throw badAnswer('it is not a list of models')
    ids.push(...parsed.data.publisherModels.map(({ name }) => name.replace(/^.*\//, '')))
  }
  return ids
}

function inBatchWords(batch: BatchProvider): BatchProvider {
  const { upload, hash, create, find, get, cancel, download, remove } = batch
  return {
    ...batch,
    upload: (...args) => inWords(() => upload(...args)),
    ...(hash && { hash: (...args) => inWords(() => hash(...args)) }),
    create: (...args) => inWords(() => create(...args)),
    find: (...args) => inWords(() => find(...args)),
    get: (...args) => inWords(() => get(...args)),
    cancel: (...args) => inWords(() => cancel(...args)),
    download: (...args) => inWords(() => download(...args)),
    remove: (...args) => inWords(() => remove(...args)),
  }
}

/** Errors name what Vertex AI has in the place of the Developer API's key and variables. */
async function inWords<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw isGeminiImageError(error) ? inVertexWords(error) : error
  }
}

function inVertexWords(error: GeminiImageError): GeminiImageError {
  const translate = (text: string): string =>
    text
      .replaceAll(GOOGLE_CREDENTIALS.baseUrl, VERTEX_CREDENTIALS.baseUrl)
      .replaceAll(GOOGLE_CREDENTIALS.api, VERTEX_CREDENTIALS.api)
  const [what, fix] = [translate(error.what), translate(error.fix)]
  if (error instanceof PictureRefusal) {
    const { code, why } = error
    return new PictureRefusal({ code, what, why, fix }, error.usage, error)
  }
  const isOfKey = error.code === 'INVALID_KEY' && fix.includes(GOOGLE_CREDENTIALS.variable)
  return reworded(error, isOfKey ? NOT_ACCEPTED : { what, fix })
}

const NOT_ACCEPTED = {
  what: 'Google does not accept the credentials for Vertex AI.',
  fix: 'enable the Vertex AI API in the project, and give the account the role "Vertex AI User" (roles/aiplatform.user); an express key works without a project only.',
}
