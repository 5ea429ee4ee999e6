import { GeminiImageError, joinErrors } from '../kernel/errors/error.ts'
import { listWords } from '../kernel/suggest.ts'
import type { Declaration } from './declaration.ts'
import type { ReferenceSpec } from './reference.ts'
import { SETTINGS_OF_TURN, type Settings, type TurnSetting } from './settings.ts'
import type { ImageSpec, ValidatedSpec } from './spec.ts'

/** @throws {GeminiImageError} `UNSUPPORTED_SETTING` for what belongs to the conversation. */
export function assertOwn({ settings }: Declaration): void {
  const strange = [...settings].filter(([key]) => !SETTINGS_OF_TURN.includes(key))
  if (strange.length === 0) return
  throw joinErrors(
    strange.map(
      ([key, setting]) =>
        new GeminiImageError({
          code: 'UNSUPPORTED_SETTING',
          what: `"${key}" is that of the conversation which goes on here.`,
          fix: `take it out, or change it in the file that "after" names. A declaration that goes on has its own ${listWords(SETTINGS_OF_TURN.filter((name) => name !== 'after'))}.`,
          place: setting.keyPlace(),
        }),
    ),
  )
}

/** The turns of a declaration that goes on: its prompt is the first. */
export function turnsGoingOn(
  { settings: written }: Declaration,
  settings: Settings,
): readonly TurnSetting[] {
  const { aspectRatio, size, thinking, grounding, output, turns = [] } = settings
  const first: TurnSetting = {
    // The whole of it, with template and styles, takes its place.
    prompt: '',
    aspectRatio: written.has('aspectRatio') ? aspectRatio : undefined,
    size: written.has('size') ? size : undefined,
    thinking,
    grounding,
    output,
  }
  return [first, ...turns]
}

/** What a declaration adds to the conversation that it goes on from. */
interface Added extends Pick<
  ImageSpec,
  'alt' | 'altDraft' | 'alts' | 'language' | 'turns' | 'references' | 'layers'
> {
  readonly settings: Settings
}

/** A conversation with what is added to it. */
export function goOn(
  { spec, takesShape }: ValidatedSpec,
  { settings, alt, altDraft, alts, language, turns, references, layers }: Added,
  written: readonly TurnSetting[],
): Pick<ValidatedSpec, 'spec' | 'takesShape'> {
  const before = spec.turns.length
  const later = (one: ReferenceSpec): ReferenceSpec => ({ ...one, turn: one.turn + before + 1 })
  const taking = written.flatMap(({ aspectRatio }, index) =>
    aspectRatio === undefined ? before + index + 1 : [],
  )
  return {
    spec: {
      ...spec,
      alt,
      altDraft,
      alts,
      language,
      fresh: settings.fresh,
      focus: settings.focus,
      layers,
      scenes: settings.scenes,
      // It goes on from the one that was picked.
      variants: 1,
      turns: [...spec.turns, ...turns],
      references: [...spec.references, ...references.map(later)],
    },
    takesShape: takesShape.length > 0 ? [...takesShape, ...taking] : [],
  }
}
