import { hash } from 'node:crypto'
import path from 'node:path'
import type { DeclarationId } from '../../declare/declaration.ts'
import type { LockEntry } from '../../pin/lock-entry.ts'
import { sumEstimates, type Estimate } from '../../providers/models/price.ts'
import { estimateText, type TextModelRow } from '../../providers/models/text-models.ts'
import { Declarations } from '../../plan/declarations.ts'
import type { Declared } from '../../plan/declared.ts'
import { onePerText } from '../../plan/alt-warnings.ts'
import { readPinnedState, type PlanContext } from '../../plan/plan.ts'
import { pictureOf, type PinnedState } from '../../plan/pinned-state.ts'
import { altInstruction } from './instruction.ts'
import { openFiles } from '../../kernel/files/files.ts'
import type { InVain, Refusal } from '../refused.ts'

export interface DraftOrder {
  readonly model: TextModelRow
  /** What to write in, as a person says it: `de`, `German`. @default the language of each prompt */
  readonly language?: string | undefined
  /** Asks again for what was answered in vain, and pays for that. @default false */
  readonly retry?: boolean | undefined
}

/** A picture to be described, for all declarations that show it and ask the same. */
export interface OpenDraft {
  readonly declared: readonly Declared[]
  readonly picture: LockEntry
  readonly question: DraftQuestion
  /** What was paid for and could not be written where it belongs. */
  readonly kept: string | undefined
}

/** Declarations without alternative text, by what can be done about them. */
export interface DraftPlan {
  /** Pictures to be described: one call each, unless a draft of it was kept. */
  readonly open: readonly OpenDraft[]
  /** Declarations with a draft that nobody has confirmed. */
  readonly drafted: readonly Declared[]
  /** Declarations that the model was asked about in vain. Nothing is asked again by itself. */
  readonly refused: readonly RefusedDraft[]
  /** Declarations whose picture is not there. */
  readonly undrawn: readonly Declared[]
  /** What the calls would cost, in US dollars. */
  readonly estimate: Estimate
}

interface RefusedDraft {
  readonly declared: Declared
  readonly refusal: Refusal
}

/**
 * Looks for declarations without alternative text. Spends nothing, writes nothing.
 * @throws {GeminiImageError} what is wrong with a declaration.
 */
export async function planDrafts(
  context: PlanContext & Pick<InVain, 'refusals'>,
  ids: readonly DeclarationId[],
  order: DraftOrder,
): Promise<DraftPlan> {
  const pinnedState = await readPinnedState(context)
  const declarations = new Declarations(context, pinnedState)
  const all = await Promise.all([...new Set(ids)].map((id) => declarations.declare(id)))
  const without = onePerText(all.filter(({ spec }) => spec.alt === undefined))
  const undrafted = without.filter(({ spec }) => spec.altDraft === undefined)
  const asked = await findOpen(undrafted, pinnedState, order, context)
  const known = order.retry ? new Map<string, Refusal>() : await context.refusals.read()
  const refusalOf = ({ kept, question }: OpenDraft): Refusal | undefined =>
    kept === undefined ? known.get(keyOf(question)) : undefined
  const open = asked.filter((one) => !refusalOf(one))
  return {
    open,
    refused: asked.flatMap((one) => {
      const refusal = refusalOf(one)
      return refusal ? one.declared.map((declared) => ({ declared, refusal })) : []
    }),
    drafted: without.filter(({ spec }) => spec.altDraft !== undefined),
    undrawn: undrafted.filter(({ result }) => !pictureOf(result, pinnedState)),
    estimate: sumEstimates(open.map((one) => estimateDraft(one, order))),
  }
}

/** What a draft costs, in US dollars; nothing where it was kept. */
export function estimateDraft({ kept, question }: OpenDraft, { model }: DraftOrder): Estimate {
  if (kept !== undefined) return { least: 0, most: 0 }
  return estimateText(model, question.instruction.length)
}

async function findOpen(
  undrafted: readonly Declared[],
  pinnedState: PinnedState,
  { model, language }: DraftOrder,
  { options }: PlanContext,
): Promise<readonly OpenDraft[]> {
  const keptDrafts = openKeptDrafts(options.cacheDir)
  const open = new Map<string, OpenDraft>()
  for (const declared of undrafted) {
    const picture = pictureOf(declared.result, pinnedState)
    if (!picture) continue
    const { prompt, alts, language: own } = declared.spec
    // Where texts are declared by language, the one that is missing is written in its own.
    const instruction = altInstruction(prompt, language ?? (alts && own))
    const question = { object: picture.object, model: model.id, instruction }
    const key = keyOf(question)
    const known = open.get(key)
    const kept = known ? known.kept : await keptDrafts.find(question)
    open.set(key, { declared: [...(known?.declared ?? []), declared], picture, question, kept })
  }
  return [...open.values()]
}

/** What decides a draft. */
interface DraftQuestion {
  /** SHA-256 of the picture. */
  readonly object: string
  /** The id of the text model. */
  readonly model: string
  readonly instruction: string
}

/** Drafts that are paid for and stand in no prompt file: those of inline declarations, for one. */
export interface KeptDrafts {
  find(question: DraftQuestion): Promise<string | undefined>
  /** @throws {GeminiImageError} `WRITE_FAILED`. */
  keep(question: DraftQuestion, draft: string): Promise<void>
  drop(question: DraftQuestion): Promise<void>
}

export function openKeptDrafts(cacheDir: string): KeptDrafts {
  const fileOf = (question: DraftQuestion): string =>
    path.join(cacheDir, 'alt-drafts', `${keyOf(question)}.txt`)
  const files = openFiles(cacheDir)
  const find = async (question: DraftQuestion): Promise<string | undefined> => {
    const bytes = await files.readBytes('cache', fileOf(question)).catch(() => undefined)
    return bytes && Buffer.from(bytes).toString('utf8')
  }
  return {
    find,
    keep: (question, draft) => files.write('cache', fileOf(question), draft),
    drop: (question) => files.remove('cache', fileOf(question)),
  }
}

/** One name for all that is the same question. */
export function keyOf({ object, model, instruction }: DraftQuestion): string {
  return hash('sha256', JSON.stringify([object, model, instruction]))
}
