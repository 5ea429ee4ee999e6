import { selectionOfId } from '../declare/declaration.ts'
import { formatPlace } from '../kernel/place.ts'
import { GeminiImageError } from '../kernel/errors/error.ts'
import { formatEstimate } from '../providers/models/price.ts'
import { setKey, type ResolvedOptions } from '../options/resolve-options.ts'
import { estimateRow, estimateSteps, stepsToPay, type Excluded } from './estimate.ts'
import { countKinds } from '../pin/pinned-text.ts'
import { isOfText } from '../providers/request.ts'
import type { PlanRow } from './plan.ts'
import type { Step } from './step.ts'

/**
 * One line a missing picture: place, what is asked, and its price.
 * @param excluded Of it, calls that were paid for cost nothing. @default none
 */
export function listMissing(missing: readonly PlanRow[], excluded?: Excluded): string {
  const rows = missing.map((row) => {
    const { id, name, place, spec, model } = row.declared
    const at = formatPlace(place)
    return [
      // The values of a set may stand on one line.
      selectionOfId(id) === '' ? at : `${at} ${name}`,
      formatAsked(`${spec.aspectRatio} ${spec.size}`, row.missing.length, countTexts(row.missing)),
      model.id,
      formatEstimate(estimateRow(row, excluded)),
    ]
  })
  const widths = rows.reduce<readonly number[]>(
    (widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)),
    [],
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** What calls are asked for: `1:1 1K × 2 + 1 text`. @param texts How many of the calls are for a text. */
export function formatAsked(size: string, calls: number, texts: number): string {
  const pictures = calls - texts
  const times = pictures > 1 ? ` × ${pictures}` : ''
  return `${size}${times}${texts > 0 ? ` + ${countKinds(0, texts)}` : ''}`
}

/** How many of some steps ask for a text. */
export function countTexts(steps: readonly Pick<Step, 'request'>[]): number {
  return steps.filter(({ request }) => isOfText(request)).length
}

/** Where pictures are generated that a frozen build lacks. */
export function onOwnMachine({ credentials: { variable } }: ResolvedOptions['definition']): string {
  return `on your own machine with ${variable === '' ? '' : `${variable} set and `}CI unset`
}

/**
 * Something is missing, and the mode forbids to generate.
 * @param excluded What costs nothing, or would not be asked for. @default none
 */
export function missingPicture(
  missing: readonly PlanRow[],
  { mode, definition }: Pick<ResolvedOptions, 'mode' | 'definition'>,
  excluded?: Excluded,
): GeminiImageError {
  return new GeminiImageError({
    code: 'MISSING_PICTURE',
    what: `${notPinned(missing)}, and the mode is "${mode}": nothing is generated.`,
    why: listMissing(missing, excluded),
    fix: `build once ${onOwnMachine(definition)} (${formatEstimate(estimateSteps(stepsToPay(missing, excluded)))}), look at the pictures, and commit gemini-image.lock, gemini-image.ledger and .gemini-image/; or set GEMINI_IMAGE_MODE=placeholder to build with placeholders.`,
    place: missing[0]?.declared.place,
  })
}

/** `auto`, something is missing, and nothing can generate. */
export function missingKey(
  missing: readonly PlanRow[],
  options: Pick<ResolvedOptions, 'isTurboTask' | 'definition'>,
): GeminiImageError {
  return new GeminiImageError({
    code: 'MISSING_KEY',
    what: `${notPinned(missing)}, and there is no API key to generate with.`,
    why: listMissing(missing),
    fix: `${setKey(options)} and build again (${formatEstimate(estimateSteps(stepsToPay(missing)))}); or set GEMINI_IMAGE_MODE=placeholder to build with placeholders.`,
    place: missing[0]?.declared.place,
  })
}

/** `2 pictures`, `1 picture and 1 text`. */
export function countSteps(steps: readonly Pick<Step, 'request'>[]): string {
  const texts = countTexts(steps)
  return countKinds(steps.length - texts, texts)
}

function notPinned({ length }: readonly PlanRow[]): string {
  return length === 1 ? '1 picture is not pinned' : `${length} pictures are not pinned`
}
