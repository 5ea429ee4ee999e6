import type { Credentials } from './credentials.ts'
import type { LanguageRow } from './models/language.ts'
import type { BatchLimits } from './models/model.ts'
import type { LineUp } from './models/line-up.ts'
import type { TextModelRow } from './models/text-models.ts'
import type { Provider } from './provider.ts'
import type { TransportName } from './request.ts'

/** The version of {@link ProviderDefinition}. It changes when a provider would have to. */
export const PROVIDER_VERSION = 1

/**
 * All that a provider brings, known before anybody has a key: nothing outside of its folder states any of it again.
 * Where what is said depends on who answers, messages take {@link ProviderWords}.
 */
export interface ProviderDefinition {
  /** The version of this interface. */
  readonly version: typeof PROVIDER_VERSION
  /** A short name, which never changes. */
  readonly id: string
  /**
   * All that decides what a build finds of it, as text: a build in which that is the same may be answered from the build
   * index. The code of this package is known without it. @default none: every build looks at everything
   */
  readonly identity?: string | undefined
  readonly words: ProviderWords
  readonly credentials: Credentials
  readonly catalogue: Catalogue
  /**
   * What "gemini-image doctor" says of the credentials. Asks no server, and repeats nothing secret.
   * @default whether one of the variables holds anything
   */
  checkCredentials?(env: ProviderEnv): Promise<CredentialsCheck>
  /**
   * Gives what answers requests; `undefined` where the surroundings hold no credentials. Called once a project,
   * before anything is planned: it must be quick, and neither ask a server nor spend anything.
   * @throws {GeminiImageError} `INVALID_KEY` or `INVALID_OPTION` for credentials that cannot be used.
   */
  open(settings: ProviderSettings, env: ProviderEnv): Provider | undefined
}

/** What was found of credentials, or what is wrong with them, in a sentence or two. */
export interface CredentialsCheck {
  readonly verdict: 'ok' | 'warning' | 'problem'
  readonly text: string
}

/** The variables of a run: those of the process, over those of env files. */
export type ProviderEnv = Readonly<Record<string, string | undefined>>

/** How messages speak of a provider. */
export interface ProviderWords {
  /** Who answers, at the start of a sentence and within. */
  readonly company: string
  /** The search that grounded requests use. */
  readonly search: string
  /** Whose advice "gemini-image lint" goes by. */
  readonly guide: string
}

/** The models of a provider, and what holds for all of them. */
export interface Catalogue extends LineUp {
  /** The model of declarations that name none: an alias, or an id. */
  readonly defaultModel: string
  /** The models that can put pictures into words, the default first. */
  readonly textModels: readonly TextModelRow[]
  /** Left out where it has no batch jobs. */
  readonly batch?: BatchLimits | undefined
  /** The languages in which prompts work best. */
  readonly languages: readonly LanguageRow[]
}

/** Options of a project that say how requests are made. */
export interface ProviderSettings {
  /** The version of the API. */
  readonly apiVersion: string
  /** The API for declarations that name none; `undefined` where the catalogue has no choice of them. */
  readonly transport: TransportName | undefined
  /** Whether the server keeps what turns go on from, in place of being sent it again. */
  readonly serverState: boolean
  /** Milliseconds for one attempt. */
  readonly timeout: number
  /** Attempts in all, the first included. */
  readonly attempts: number
  /** Milliseconds before the second attempt; each later wait is about twice the one before. */
  readonly retryDelay: number
  /** Milliseconds for all attempts at one thing, the waits included. */
  readonly totalTimeout: number
}
