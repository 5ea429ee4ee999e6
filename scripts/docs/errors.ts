import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ERROR_AREAS, type ErrorRow } from '@gemini-image/core/errors'
import { BLOCK_REASONS, FINISH_REASONS, type Reason } from '@gemini-image/core/internal'
import { anchor, code, GENERATED, table } from './markdown.ts'

const INTRODUCTION = `Every error says its code, the place (file:line:column), what happened, why, and what to do next. The words may change
with any version; the codes stay. \`npx gemini-image explain MISSING_KEY\` prints what this page says of a code, without a network.

Each error below is one that a test provoked.`

const ANSWERS = `Google answers "no picture" with status 200 and a reason. The call may have cost something; what it cost is booked. It is not
repeated: that would be a second paid call.`

/** Code → an error that a test provoked. */
function readExamples(): Readonly<Record<string, string>> {
  const file = path.resolve(import.meta.dirname, '../../test/errors/examples.json')
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
}

export function errorsPage(): string {
  const examples = readExamples()
  const areas = Object.entries(ERROR_AREAS).flatMap(([area, rows]) => [
    `## ${area}`,
    ...Object.entries(rows).flatMap(([name, row]) => describe(name, row, examples[name])),
  ])
  return [
    '# Errors',
    GENERATED,
    INTRODUCTION,
    ...areas,
    '## Answers without a picture',
    ANSWERS,
    reasons(FINISH_REASONS),
    '## Prompts that were blocked',
    reasons(BLOCK_REASONS),
  ].join('\n\n')
}

function describe(name: string, { meaning, more, page }: ErrorRow, example?: string): string[] {
  const words = more === undefined ? meaning : `${meaning} ${more}`
  const link = page === undefined ? [] : [`Read on: [${titleOf(page)}](${linkTo(page)}).`]
  const shown = example === undefined ? [] : [code('text', example)]
  return [`### ${name}`, words, ...shown, ...link]
}

function linkTo(page: string): string {
  return page.replace(/^errors\.md(?=#)/, '')
}

/** The heading that a link leads to. */
function titleOf(page: string): string {
  const [name = '', wanted] = page.split('#')
  if (name === 'errors.md') return 'answers without a picture'
  const text = readFileSync(path.resolve(import.meta.dirname, '../../docs', name), 'utf8')
  const headings = Array.from(text.matchAll(/^#+ (.+)$/gm), ([, heading = '']) => heading)
  const found =
    wanted === undefined
      ? headings[0]
      : headings.find((heading) => anchor(heading) === `#${wanted}`)
  if (found === undefined) throw new Error(`${page}: there is no such heading.`)
  return found
}

function reasons(list: Readonly<Record<string, Reason>>): string {
  const rows = Object.entries(list).map(([name, { code: raised, what, fix }]) => [
    `\`${name}\``,
    `\`${raised}\``,
    what,
    fix,
  ])
  return table(['reason', 'code', 'what it means', 'what to try'], rows)
}
