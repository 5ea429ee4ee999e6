import type { Session } from './session.ts'

/** Where the plugin puts its session in the context of loaders. */
export const SESSION = 'geminiImageSession'

/** What the plugin adds to the context of loaders that run in its own process. */
export interface SharedSession {
  readonly [SESSION]?: Session
}
