import type { Declaration, DeclarationId, Engine } from '@gemini-image/core'
import { inlineSpecifier } from '../source/ask.ts'
import type { Session } from './session.ts'

/** What other plugins may do with this one, by way of `plugin.api`. Valid once Vite's config is resolved. */
export interface PicturesApi {
  readonly engine: Engine
  /**
   * Takes up declarations that stand in no file that is scanned; see {@link Engine.meet}. They take
   * the place of those that were taken up before.
   */
  meet(declarations: readonly Declaration[]): void
  /** What a module imports to get the picture of such a declaration, as an object. */
  specifier(id: DeclarationId): string
}

/** The API of a plugin whose session comes about later. */
export function picturesApi(sessionOf: () => Session): PicturesApi {
  return {
    get engine() {
      return sessionOf().engine
    },
    meet(met) {
      const { engine, declarations } = sessionOf()
      engine.meet(met)
      for (const { id } of met) declarations.add(id)
    },
    specifier: inlineSpecifier,
  }
}
