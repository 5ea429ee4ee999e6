import type { ErrorCode } from '../kernel/errors/codes.ts'
import type { ModelRow } from './models/model.ts'
import type {
  ImageRequest,
  OutputKind,
  ProviderSetting,
  RequestTurn,
  TransportName,
} from './request.ts'

/** Why a declaration cannot be generated. */
export interface Problem {
  readonly code: ErrorCode
  readonly what: string
  readonly fix: string
  /** The setting, and the path inside it, that is to be fixed. */
  readonly at: readonly [setting: string, ...path: PropertyKey[]]
}

/** A declaration, with its defaults, as far as rules look at it. */
interface RuledSpec extends Partial<Readonly<Record<ProviderSetting, unknown>>> {
  readonly format?: ImageRequest['format'] | undefined
  readonly grounding?: ImageRequest['grounding'] | undefined
  readonly aspectRatio: string
  readonly size: string
  readonly output: OutputKind
  /** The images that it shows, those of its turns included. */
  readonly references: readonly object[]
  readonly transport?: TransportName | undefined
  readonly turns: readonly Pick<RequestTurn, 'grounding' | 'output'>[]
}

/**
 * What stands between a declaration and a model beside what the model's row says; empty where nothing does.
 * @param beyondPrompt The settings that ask for more than a picture of a prompt, a ratio and a size.
 */
export type CapabilityRule = (
  spec: RuledSpec,
  model: ModelRow,
  beyondPrompt: () => readonly string[],
) => readonly Problem[]
