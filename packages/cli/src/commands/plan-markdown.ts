import {
  type BranchLines,
  type Decision,
  decisionOn,
  formatDollars,
  judgedOf,
  sumOf,
  type Withheld,
} from '@gemini-image/core/internal'
import { asCode, asHtml, asLines, asProse, bytesOf, LONGEST_COMMENT } from '../output/markdown.ts'
import type { ChangedWords } from '../output/changed-words.ts'
import { count } from '../output/table.ts'
import type { ImageLinks } from './image-links.ts'
import { wordsOf, type PictureChange, type PlanChanges } from './plan-changes.ts'
import { toReportRow, type PlanReport } from './plan-report.ts'
import { planSummary, priceOf } from './plan-table.ts'

/** The width of a thumbnail, in pixels; three columns fit a pull request's page. */
const THUMBNAIL = 240
/** What is longer is cut, in characters: one text must not crowd out the others. */
const LONGEST_PROMPT = 4000
const LONGEST_ALT = 500

interface MarkdownContext {
  /** The variable that holds the API key; empty where none is needed. */
  readonly key: string
  readonly withheld: Withheld
  /** What the branch has paid; `undefined` where that can't be told. */
  readonly paid: BranchLines | undefined
  /** What reviewers have decided. */
  readonly decisions: readonly Decision[]
}

/**
 * A plan for a pull request: what changed, with thumbnails before and after, alternative texts and
 * prices. Fit for a job summary or a comment: where there is too much, it says how much more.
 * @see https://github.github.com/gfm/
 */
export function formatMarkdown(
  report: PlanReport,
  { base, changes, links }: PlanChanges,
  { key, withheld, paid, decisions }: MarkdownContext,
): string {
  const since = base === undefined ? '' : ` since ${asCode(base)}`
  const title = report.missing > 0 ? '⚠️ Pictures are missing' : 'Generated pictures'
  const head = [`### ${title}`, planSummary(report), ...paidOn(paid)]
  if (changes.length === 0) head.push(`No picture has changed${since}.`)
  if (report.missing > 0) head.push(howToGenerate(key))
  const page = new Page(head)
  const { problems, advice } = report
  page.addAll(
    problems.map(({ message }) => asLines(message)),
    'more problems',
  )
  if (changes.length > 0) {
    page.addTable(
      TABLE_HEAD,
      changes.map((change) => changeRow(change, links, { withheld, decisions })),
    )
  }
  page.addAll(
    advice.map((text) => `> ${text.split('\n').map(asProse).join('<br>')}`),
    'more notes',
  )
  page.addAll(changes.flatMap(promptOf), 'more prompts')
  return page.text
}

/** Nothing where a branch has paid for nothing: the ledger may be younger than the project. */
function paidOn(paid: BranchLines | undefined): readonly string[] {
  if (!paid || paid.lines.length === 0) return []
  const failed = paid.lines.filter(({ outcome }) => outcome !== 'answered').length
  const without = failed > 0 ? `, ${failed} of them without a result` : ''
  return [
    `Paid on this branch: ${formatDollars(sumOf(paid.lines))}, for ${count(paid.lines.length, 'call')}${without}.`,
  ]
}

function howToGenerate(key: string): string {
  return `Run \`npx gemini-image generate\`${key === '' ? '' : ` with ${asCode(key)} set`}, look at the pictures, and commit \`gemini-image.lock\`, \`gemini-image.ledger\` and \`.gemini-image/\`.`
}

const TABLE_HEAD = [
  '| picture | before | after | alternative text | price |',
  '| --- | --- | --- | --- | --- |',
].join('\n')

/** Paragraphs, as many as a comment holds. */
class Page {
  readonly #parts: string[]
  #left: number

  constructor(parts: readonly string[]) {
    this.#parts = [...parts]
    // Room for what says how much was left out.
    this.#left = LONGEST_COMMENT - 1000 - bytesOf(parts.join('\n\n'))
  }

  get text(): string {
    return `${this.#parts.join('\n\n')}\n`
  }

  /** Adds paragraphs, or says how many `more` there are. */
  addAll(parts: readonly string[], more: string): void {
    const added = this.#take(parts, 2)
    this.#parts.push(...added)
    this.#sayLeft(parts.length - added.length, more)
  }

  /** Adds a table, or as many of its rows as there is room for. */
  addTable(head: string, rows: readonly string[]): void {
    this.#left -= bytesOf(head) + 2
    const added = this.#take(rows, 1)
    this.#parts.push([head, ...added].join('\n'))
    this.#sayLeft(rows.length - added.length, 'more pictures')
  }

  #take(parts: readonly string[], gap: number): readonly string[] {
    const fits = (part: string): boolean => (this.#left -= bytesOf(part) + gap) >= 0
    const end = parts.findIndex((part) => !fits(part))
    return end === -1 ? parts : parts.slice(0, end)
  }

  #sayLeft(number: number, what: string): void {
    if (number > 0) this.#parts.push(`… and ${number} ${what}: "npx gemini-image plan" lists all.`)
  }
}

function changeRow(
  change: PictureChange,
  links: ImageLinks,
  { withheld, decisions }: Pick<MarkdownContext, 'withheld' | 'decisions'>,
): string {
  const { kind, path, row, before, after } = change
  const alt = row && (row.declared.spec.alt ?? '')
  const cells = [
    [`**${kind}**`, asCode(path), ...decided(change, decisions)].join('<br>'),
    before ? thumbnail(links.before(before.file), 'before') : '',
    after ? thumbnail(links.after(after.file), alt || 'after') : '',
    altOf(row),
    costOf(change, withheld),
  ]
  return `| ${cells.join(' | ')} |`
}

/** What a reviewer has said of the picture as it is now. */
function decided({ row, after }: PictureChange, decisions: readonly Decision[]): string[] {
  if (!row || !after) return []
  const decision = decisionOn(judgedOf(row.declared, after), decisions)
  if (!decision) return []
  const word = decision.word === undefined ? '' : `: ${asProse(cut(decision.word, LONGEST_ALT))}`
  return [`${decision.verdict === 'accepted' ? '✅ accepted' : '❌ rejected'}${word}`]
}

function altOf(row: PictureChange['row']): string {
  if (!row) return ''
  const { alt, altDraft } = row.declared.spec
  if (alt === undefined && altDraft === undefined) return '⚠️ none'
  if (alt === undefined) return `⚠️ only a draft: ${asProse(cut(altDraft ?? '', LONGEST_ALT))}`
  return alt.trim() === '' ? '(decorative)' : asProse(cut(alt, LONGEST_ALT))
}

function costOf({ kind, row, after }: PictureChange, withheld: Withheld): string {
  if (after) return priceOf({ cost: after.cost, adopted: after.adopted })
  if (kind === 'removed' || !row) return ''
  const { pinnedIn, ...report } = toReportRow(row, withheld)
  return pinnedIn === undefined ? priceOf(report) : `free: pinned in ${asCode(pinnedIn)}`
}

function thumbnail(url: string, alt: string): string {
  const text = asHtml(cut(alt, LONGEST_ALT)).replaceAll(/\s+/g, ' ')
  return `<img src="${url.replaceAll('&', '&amp;')}" alt="${text}" width="${THUMBNAIL}">`
}

function promptOf(change: PictureChange): string[] {
  const { path, row } = change
  if (!row) return []
  const { prompt, turns } = row.declared.spec
  const words = wordsOf(change)
  if (words?.length) {
    return [
      `<details><summary>What has changed in the prompt of ${asCode(path)}</summary>\n\n${difference(words)}\n\n</details>`,
    ]
  }
  const text = [prompt, ...turns.map((turn, index) => `Turn ${index + 1}: ${turn.prompt}`)].join(
    '\n\n',
  )
  return [
    `<details><summary>Prompt of ${asCode(path)}</summary>\n\n${asLines(cut(text, LONGEST_PROMPT))}\n\n</details>`,
  ]
}

/** The whole prompt, with what was taken out and put in. */
function difference(words: readonly ChangedWords[]): string {
  const total = words.reduce((sum, { text }) => sum + text.length, 0)
  let left = LONGEST_PROMPT
  const parts = words.map(({ kind, text }) => {
    const shown = asHtml(text.slice(0, Math.max(0, left)))
    left -= text.length
    if (shown === '' || kind === 'same') return shown
    return kind === 'added' ? `<ins>${shown}</ins>` : `<del>${shown}</del>`
  })
  const more = total - LONGEST_PROMPT
  const rest = more > 0 ? ` … and ${count(more, 'more character', 'more characters')}` : ''
  return `<pre>${parts.join('')}${rest}</pre>`
}

function cut(text: string, longest: number): string {
  if (text.length <= longest) return text
  return `${text.slice(0, longest)} … and ${count(text.length - longest, 'more character', 'more characters')}`
}
