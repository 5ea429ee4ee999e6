import type { DeclarationId } from '../declare/declaration.ts'
import type { Sheet } from '../declare/sheets.ts'
import type { ResolvedImage } from '../pictures/resolved-image.ts'
import { GeminiImageError } from '../kernel/errors/error.ts'

/** Everything that the source asks for, made available for one build. */
export interface Prepared {
  /** What the source asks for. */
  readonly ids: readonly DeclarationId[]
  /** What it asks for by language: the pictures that this shows are among {@link Prepared.ids}. */
  readonly languages: readonly DeclarationId[]
  /** The sheets that the source asks for, by id: their pictures are among {@link Prepared.ids}. */
  readonly sheets: ReadonlyMap<DeclarationId, Sheet>
  /** Absolute paths of the files, besides the declaring ones, that decide what these pictures show. */
  readonly inputs: readonly string[]
  /** Absolute paths of the files that ask for pictures, as far as a scan sees. */
  readonly importers: readonly string[]
  /** How many of them were generated. */
  readonly generated: number
  /** How many are placeholders. */
  readonly placeholders: number
  /** What was spent, in US dollars. */
  readonly spent: number
  /** The picture of a declaration at once, where it was found pinned, and is no sheet. */
  at(id: DeclarationId): ResolvedImage | undefined
  /**
   * The picture of a declaration. What no scan saw is generated or refused, by mode.
   * @throws {GeminiImageError} `MISSING_ALT`, `MISSING_PICTURE`, `MISSING_KEY`, `BUDGET_EXCEEDED`, or what is wrong
   *   with the declaration, the object or a call.
   */
  image(id: DeclarationId): Promise<ResolvedImage>
  /**
   * Resolves once every picture that was handed out is known to be the one that the lockfile pins. Call it before
   * anything is shipped: the check takes place while the bundler works.
   * @throws {GeminiImageError} `CORRUPT_OBJECT`.
   */
  verify(): Promise<void>
}

/** A pinned picture vanished after it was found to be there. */
export function goneMeanwhile(file: string): GeminiImageError {
  return new GeminiImageError({
    code: 'CORRUPT_OBJECT',
    what: `.gemini-image/${file} was there when the build began and is gone.`,
    fix: 'restore it from version control and build again.',
  })
}
