import { stoppedFailure } from '../call-failure.ts'
import type { ProviderEnv, ProviderSettings } from '../definition.ts'
import { GeminiImageError } from '../../kernel/errors/error.ts'
import { piecesOf } from '../image-markers.ts'
import { pictureBytes } from '../lenient.ts'
import type {
  PastImage,
  Provider,
  ProviderContext,
  ProviderJob,
  ProviderResult,
  ReferenceImage,
} from '../provider.ts'
import { RateLimiter } from '../rate-limiter.ts'
import { lastTurn, type ProviderOptions } from '../request.ts'
import { withRetries } from '../retry.ts'
import { assertSpoken, invalid, nameOf, type Entry } from './entries.ts'
import { toFailure } from './failure.ts'
import { hideSecrets } from './hide-secrets.ts'
import type { AiSdkAnswer, AiSdkCall, AiSdkImageModel, AiSdkWarning } from './image-model.ts'

/**
 * Answers with the image models of the AI SDK: one `doGenerate` a picture. The AI SDK repeats nothing on that level, so
 * that retries, timeouts and the bill are those of every other provider.
 * @param entries By the ids of their rows.
 */
export function aiSdkProvider(
  entries: ReadonlyMap<string, Entry>,
  settings: ProviderSettings,
  env: ProviderEnv,
): Provider {
  const limiters = new Map<string, RateLimiter>()
  const models = new Map<Entry, Promise<AiSdkImageModel>>()
  const secrets = [...entries.values()].flatMap(({ variables }) =>
    variables.flatMap((name) => env[name]?.trim() || []),
  )
  return {
    name: 'ai-sdk',
    generate: async (job, context) => {
      const entry = entries.get(job.model.id)
      if (!entry) throw notGiven(job.model.id)
      const { company } = entry
      const limiter = limiters.get(company) ?? new RateLimiter(company)
      limiters.set(company, limiter)
      const model = models.get(entry) ?? load(entry, env)
      models.set(entry, model)
      const asked: Asked = { entry, secrets, model: await model, call: await toCall(job, entry) }
      return withRetries(
        {
          once: (timeout) => ask(asked, timeout, context),
          onFailure: ({ possiblyPaid }) => {
            if (possiblyPaid) context.countPossiblyPaid()
          },
        },
        context.signal,
        settings,
        limiter,
      )
    },
  }
}

interface Asked {
  readonly entry: Entry
  /** What no message may hold. */
  readonly secrets: readonly string[]
  readonly model: AiSdkImageModel
  readonly call: Omit<AiSdkCall, 'abortSignal'>
}

/** @throws {CallFailure} with advice on asking again. */
async function ask(
  { entry, secrets, model, call }: Asked,
  timeout: number,
  context: ProviderContext,
): Promise<ProviderResult> {
  const tooLong = AbortSignal.timeout(timeout)
  const abortSignal = AbortSignal.any([context.cutOff, tooLong])
  let answer: AiSdkAnswer
  try {
    answer = await Promise.race([
      model.doGenerate({ ...call, abortSignal }),
      // A model may not listen to the signal.
      rejectedBy(abortSignal),
    ])
  } catch (error) {
    if (context.cutOff.aborted) throw stoppedFailure()
    throw toFailure(tooLong.aborted ? tooLong.reason : error, {
      entry,
      secrets,
      refuse: context.refuse,
    })
  }
  for (const warning of answer.warnings ?? []) {
    context.warn?.(hideSecrets(describeWarning(warning, entry.company), secrets))
  }
  return toResult(answer, entry, context)
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
}

function toResult(
  { images, usage }: AiSdkAnswer,
  { row, company }: Entry,
  { refuse }: ProviderContext,
): ProviderResult {
  const { inputTokens: input, outputTokens: image } = usage ?? {}
  const counted = input !== undefined && image !== undefined
  const tokens = counted ? { input, image, text: 0 } : undefined
  const parts = (images ?? []).map((one) => ({
    bytes: typeof one === 'string' ? pictureBytes(one) : one,
  }))
  const last = parts.at(-1)
  if (!last) {
    throw refuse(
      {
        code: 'NO_IMAGE',
        what: `${company} answered without a picture.`,
        why: 'Many models answer so where their filters hold a picture back.',
        fix: 'change the prompt, or ask again with "npx gemini-image generate <name> --retry".',
      },
      { tokens },
    )
  }
  return { parts: [last], others: parts.slice(0, -1), model: row.id, tokens }
}

/** What a job asks for, in the AI SDK's words. */
async function toCall(
  { request, pixels, references, history }: ProviderJob,
  entry: Entry,
): Promise<Asked['call']> {
  const { prompt, aspectRatio, seed, providerOptions } = lastTurn(request)
  const before = history.at(-1)?.images.at(-1)
  const shown: readonly (PastImage | ReferenceImage)[] = [
    ...(before ? [before] : []),
    ...references,
  ]
  const files = shown.map(async (image) => ({
    type: 'file' as const,
    mediaType: image.type,
    data: await image.bytes(),
  }))
  return {
    prompt: numbered(prompt, shown),
    n: 1,
    size: entry.shape === 'size' ? `${pixels.width}x${pixels.height}` : undefined,
    aspectRatio: entry.shape === 'aspectRatio' ? (aspectRatio as `${number}:${number}`) : undefined,
    seed,
    files: files.length > 0 ? await Promise.all(files) : undefined,
    mask: undefined,
    providerOptions: merged(entry.providerOptions, providerOptions),
  }
}

/** Images have no names there, and models know them by their order. */
function numbered(prompt: string, shown: readonly (PastImage | ReferenceImage)[]): string {
  const pieces = piecesOf(prompt).map((piece) => {
    if (typeof piece === 'string') return piece
    return `image ${shown.findIndex((one) => 'label' in one && one.label === piece.label) + 1}`
  })
  return pieces.join(' ')
}

function merged(ofAll: ProviderOptions, own: ProviderOptions | undefined): ProviderOptions {
  const names = [...new Set([...Object.keys(ofAll), ...Object.keys(own ?? {})])]
  return Object.fromEntries(names.map((name) => [name, { ...ofAll[name], ...own?.[name] }]))
}

/** @throws {GeminiImageError} `INVALID_OPTION` where the function gives another model than it was said to. */
async function load({ source, name }: Entry, env: ProviderEnv): Promise<AiSdkImageModel> {
  if (typeof source !== 'function') return source
  const model = await source(env)
  assertSpoken(model)
  const given = nameOf(model)
  if (given === name) return model
  // Labels and the lockfile would name the wrong one.
  throw invalid(
    `The function for ${name} gives ${given}.`,
    `write aiSdk(…, { id: '${given}' }), or fix the function.`,
  )
}

function notGiven(id: string): GeminiImageError {
  return new GeminiImageError({
    code: 'MODEL_NOT_FOUND',
    what: `aiSdk() was given no model for ${id}.`,
    fix: 'name it there; the option "models" can change what is known of a model, and add none.',
  })
}

function describeWarning(
  { type, feature, setting, details, message }: AiSdkWarning,
  company: string,
): string {
  const what = feature ?? setting
  const said = details ?? message
  const head = what === undefined ? `${company} warns` : `${company}: "${what}" is ${type}`
  return said === undefined ? `${head}.` : `${head}: ${said}`
}
