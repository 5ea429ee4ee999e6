import {
  BLOCK_REASONS,
  ERROR_CODES,
  FINISH_REASONS,
  type Reason,
} from '@gemini-image/core/internal'
import { GENERATED, table } from './markdown.ts'

export function errorsPage(): string {
  const rows = Object.entries(ERROR_CODES).map(([code, meaning]) => [`\`${code}\``, meaning])
  const reasons = (list: Readonly<Record<string, Reason>>): string =>
    table(
      ['reason', 'code', 'what it means', 'what to try'],
      Object.entries(list).map(([name, { code, what, fix }]) => [
        `\`${name}\``,
        `\`${code}\``,
        what,
        fix,
      ]),
    )
  return [
    '# Errors',
    GENERATED,
    'Every error says its code, the place (file:line:column), what happened, why, and what to do next.',
    table(['code', 'meaning'], rows),
    '## Answers without a picture',
    'Google answers "no picture" with status 200 and a reason. The call may have cost something; what it cost is booked. It is not repeated: that would be a second paid call.',
    reasons(FINISH_REASONS),
    '## Prompts that were blocked',
    reasons(BLOCK_REASONS),
  ].join('\n\n')
}
