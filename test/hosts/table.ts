import { CASES, type Case } from './cases.ts'
import type { Ability, Host } from './host.ts'
import { HOSTS } from './hosts.ts'
import { LIMITS } from './limits.ts'
import { RENDITION_CASES } from './rendition-cases.ts'
import { WATCH_CASES } from './watch-cases.ts'

type Limited = Exclude<Ability, 'import'>

const NOTES = Object.keys(LIMITS) as Limited[]

/** The page of docs that says which host does what: every cell is a test, or a limit with its reason. */
export function hostMatrixPage(): string {
  return `${[
    '# Which host does what',
    '',
    'Every “yes” is a test that builds a real site with that bundler, in `test/hosts`; the tests write this page. All that stands beside the',
    'matrix (Next.js, frameworks, configuration) is in [hosts.md](hosts.md).',
    '',
    '## A build',
    '',
    ...table(CASES),
    '',
    '## Renditions',
    '',
    ...table(RENDITION_CASES),
    '',
    ...NOTES.map((ability, index) => `${index + 1}. ${LIMITS[ability]}`),
    '',
    '## A build that watches',
    '',
    ...table(WATCH_CASES.map((one) => ({ ...one, needs: 'watch' }))),
  ].join('\n')}\n`
}

function table(cases: readonly Case[]): string[] {
  const rows = cases.map((one) => [one.name, ...HOSTS.map((host) => cell(one, host))])
  const head = ['', ...HOSTS.map(({ name }) => name)]
  const widths = head.map((text, i) =>
    Math.max(3, text.length, ...rows.map((row) => row[i]?.length ?? 0)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text, i) => text.padEnd(widths[i] ?? 0)).join(' | ')} |`
  return [
    line(head),
    `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...rows.map(line),
  ]
}

function cell({ needs }: Case, { abilities }: Host): string {
  if (needs === undefined || needs === 'import' || abilities.has(needs)) return 'yes'
  return `no (${NOTES.indexOf(needs) + 1})`
}
