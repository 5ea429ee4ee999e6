import type { DeclarationId } from '../../declare/declaration-id.ts'
import { GeminiImageError } from '../../kernel/errors/error.ts'
import type { Progress } from '../generate.ts'
import type { PlanTools } from '../../plan/plan.ts'
import { draftAlts, type AltDrafts, type DraftTools } from './draft-alts.ts'
import { planDrafts, type DraftOrder, type DraftPlan } from './plan-drafts.ts'

/** Alternative texts, as far as a text model can draft them for people to review. */
export interface Alts {
  /**
   * What there is to draft, and what it would cost. Spends nothing.
   * @throws {GeminiImageError} what is wrong with a declaration.
   */
  plan(ids: readonly DeclarationId[], order: DraftOrder): Promise<DraftPlan>
  /**
   * Drafts what {@link Alts.plan} calls open, and writes it into prompt files as `altDraft`.
   * @param onProgress Called when the calls are known, and whenever one has ended.
   * @throws {GeminiImageError} `MISSING_KEY` or `INVALID_OPTION` where nothing can be asked;
   *   `BUDGET_EXCEEDED` before the first call; what is wrong with a declaration.
   */
  draft(
    ids: readonly DeclarationId[],
    order: DraftOrder,
    onProgress?: (progress: Progress) => void,
  ): Promise<AltDrafts>
}

/** Alternative texts of a project. */
export function createAlts(
  tools: PlanTools & Pick<DraftTools, 'budget' | 'signal' | 'cutOff'>,
): Alts {
  return {
    plan: (ids, order) => planDrafts(ids, order, tools),
    draft: (ids, order, onProgress) =>
      draftAlts(ids, order, { ...tools, provider: describer(tools), onProgress }),
  }
}

function describer({ options }: PlanTools): DraftTools['provider'] {
  const { provider } = options
  if (!provider) {
    throw new GeminiImageError({
      code: 'MISSING_KEY',
      what: 'There is no API key to describe pictures with.',
      fix: 'set GEMINI_API_KEY (https://aistudio.google.com/apikey), or write the alternative texts yourself.',
    })
  }
  const { name, describe } = provider
  if (describe) return { name, describe: describe.bind(provider) }
  throw new GeminiImageError({
    code: 'INVALID_OPTION',
    what: `The provider "${name}" does not put pictures into words.`,
    fix: 'give it a method "describe", or leave the option "provider" out and set GEMINI_API_KEY.',
  })
}
