import type { Plan, Project } from '@gemini-image/core'
import type { DeclarationId } from '@gemini-image/core/host'
import type { Generated, GenerateOptions } from '@gemini-image/core/internal'

/** The project that the studio shows, as whoever serves it holds it: a dev server, or the command. */
export interface StudioHost {
  /** Whether it generates what a saved file asks for, as dev servers do. @default false */
  readonly generatesOnSave?: boolean
  project(): Promise<Project>
  plan(): Promise<Plan>
  /**
   * Generates what is missing or stale of declarations; with `redraw`, what is pinned, too.
   * @throws {GeminiImageError} as core's `generateDeclarations`.
   */
  generate(ids: readonly DeclarationId[], options: GenerateOptions): Promise<Generated>
}
