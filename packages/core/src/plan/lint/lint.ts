import { settingPlace, type Declaration } from '../../declare/declaration.ts'
import { placeOfOffset, type Place } from '../../kernel/place.ts'
import type { Pixels } from '../../pixels/image.ts'
import type { ProviderDefinition } from '../../providers/definition.ts'
import type { Declared } from '../declared.ts'
import type { PlanRow, Selection } from '../plan.ts'
import { shownPixels } from '../references/inspect-reference.ts'
import type { Linted, LintedText, LintRule } from './rule.ts'
import { settingRules } from './settings.ts'
import { wordingRules } from './wording.ts'

/** All that is looked for. */
export function lintRules(definition: ProviderDefinition): readonly LintRule[] {
  return [...wordingRules(definition), ...settingRules(definition)]
}

/** What the provider's guide would have a person write otherwise. No error: the declaration is valid. */
export interface Advice {
  /** The rule. */
  readonly id: string
  readonly row: PlanRow
  readonly place: Place
  readonly what: string
  readonly why: string
  readonly fix: string
}

/**
 * Reads declarations as the provider's guide on prompts would. Spends nothing, and fetches nothing.
 * @param ignored Rules to leave out, by id.
 */
export async function lint(
  { rows, declarations }: Selection,
  definition: ProviderDefinition,
  ignored: ReadonlySet<string> = new Set(),
): Promise<readonly Advice[]> {
  const rules = lintRules(definition).filter(({ id }) => !ignored.has(id))
  const linted = await Promise.all(
    rows.map(async (row) => {
      const written = declarations.read(row.declared.id)
      return { row, linted: await toLinted(row.declared, written) }
    }),
  )
  return linted.flatMap(({ row, linted: one }) => adviceOn(row, one, rules))
}

function adviceOn(row: PlanRow, linted: Linted, rules: readonly LintRule[]): Advice[] {
  return rules
    .flatMap(({ id, why, check }) => check(linted).map((finding) => ({ id, row, why, ...finding })))
    .toSorted(({ place: a }, { place: b }) => a.line - b.line || a.column - b.column)
}

async function toLinted(declared: Declared, written: Declaration): Promise<Linted> {
  const hasDefaultRatio = !written.settings.has('aspectRatio')
  return {
    declared,
    texts: textsOf(declared, written),
    hasDefaultRatio,
    // A ratio that is written was meant.
    original: hasDefaultRatio ? await originalOf(declared) : undefined,
  }
}

/** Slots whose text is drawn, and describes nothing. */
const VERBATIM: ReadonlySet<string> = new Set(['text', 'dialogue', 'caption'])

function textsOf({ spec }: Declared, written: Declaration): readonly LintedText[] {
  const asked = { aspectRatio: spec.aspectRatio, isGrounded: spec.grounding !== undefined }
  const { prompt, place, settings } = written
  const slots = Object.entries(settings.get('slots')?.value ?? {})
  const texts: LintedText[] = slots.flatMap(([slot, text]: [string, unknown]) => {
    if (typeof text !== 'string') return []
    const kind = VERBATIM.has(slot) ? 'words' : 'slot'
    return { kind, text, ...asked, at: () => settingPlace(written, 'slots', [slot]) }
  })
  if (prompt !== '') {
    const at = (offset: number): Place => placeOfOffset(prompt, offset, place)
    texts.push({ kind: spec.output === 'text' ? 'words' : 'prompt', text: prompt, ...asked, at })
  }
  for (const [index, turn] of spec.turns.entries()) {
    const { prompt: text, aspectRatio, grounding, output } = turn
    const at = (): Place => settingPlace(written, 'turns', [index, 'prompt'])
    const isGrounded = asked.isGrounded || grounding !== undefined
    texts.push({ kind: output === 'text' ? 'words' : 'turn', text, aspectRatio, isGrounded, at })
  }
  return texts
}

/** The size of the picture that is worked on; several are combined into a new one, and a style gives no shape. */
async function originalOf({ spec, references, refersTo }: Declared): Promise<Pixels | undefined> {
  const [only, ...others] = spec.references.filter(({ turn }) => turn === 0)
  if (!only || others.length > 0 || only.as === 'style') return undefined
  if (only.kind === 'declaration') return refersTo[0]?.pixels
  if (only.kind === 'remote') return undefined
  const bytes = await references[0]?.bytes().catch(() => undefined)
  return bytes && shownPixels(bytes)
}
