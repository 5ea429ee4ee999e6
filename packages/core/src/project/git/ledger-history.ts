import path from 'node:path'
import { parseLedger, sumOf, type LedgerContent, type NumberedLine } from '../../generate/ledger.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import type { Project } from '../project.ts'
import { findRepository, git, isIgnored } from './git.ts'

/** What a branch has paid. */
export interface BranchLines {
  /** The ref that it is compared with. */
  readonly base: string
  readonly lines: readonly NumberedLine[]
}

type Places = Pick<ResolvedOptions, 'root' | 'ledger'>

/**
 * The lines that a branch has added to the ledger, committed or not: those that it hasn't where the two branches parted.
 * @param base The ref of the other one. @default the repository's main branch
 * @returns `undefined` where git knows no such commit, is told to ignore the ledger, or is not there.
 */
export async function branchLines(
  { lines }: LedgerContent,
  { root, ledger }: Places,
  base?: string,
): Promise<BranchLines | undefined> {
  const name = path.basename(ledger)
  if (await isIgnored(root, name)) return undefined
  const ref = base ?? (await findMainBranch(root))
  const parted = ref && (await git(root, 'merge-base', '--end-of-options', ref, 'HEAD'))?.trim()
  if (!parted) return undefined
  const then = await git(root, 'show', `${parted}:./${name}`)
  const known = new Set(parseLedger(then ?? '').lines.map(({ call }) => call))
  return { base: ref, lines: lines.filter(({ call }) => !known.has(call)) }
}

/**
 * What a branch has paid, in US dollars: the sum of {@link branchLines}.
 * @returns `undefined` where that is nothing, and on the main branch itself.
 */
export async function paidOnBranch(
  { ledger, options }: Pick<Project, 'ledger' | 'options'>,
  base?: string,
): Promise<number | undefined> {
  const all = ledger.read()
  if (all.lines.length === 0) return undefined
  const paid = await branchLines(all, options, base)
  if (!paid || paid.lines.length === 0) return undefined
  const branch = (await git(options.root, 'symbolic-ref', '--quiet', '--short', 'HEAD'))?.trim()
  if (branch && [branch, `origin/${branch}`].includes(paid.base)) return undefined
  return sumOf(paid.lines)
}

/** The branch that others leave; `undefined` where git knows none of its usual names. */
export async function findMainBranch(root: string): Promise<string | undefined> {
  const head = await git(root, 'symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD')
  const names = [head?.trim(), 'origin/main', 'origin/master', 'main', 'master']
  for (const name of names) {
    if (!name) continue
    const commit = await git(root, 'rev-parse', '--verify', '--quiet', `${name}^{commit}`)
    if (commit !== undefined) return name
  }
  return undefined
}

/** Of lines that stand in no commit. */
export const NOT_COMMITTED = '(not committed yet)'

/**
 * Who committed each line of the ledger, by its number.
 * @returns `undefined` where there is no git.
 */
export async function authorsOf({
  root,
  ledger,
}: Places): Promise<ReadonlyMap<number, string> | undefined> {
  if (!(await findRepository(root))) return undefined
  // Nobody's own list of commits to pass over, which may not be there.
  const plain = ['-c', 'blame.ignoreRevsFile=', 'blame', '--line-porcelain']
  const blame = await git(root, ...plain, '--', path.basename(ledger))
  const authors = new Map<number, string>()
  let number = 0
  for (const line of blame?.split('\n') ?? []) {
    const [, commit, final] = /^([0-9a-f]{40,64}) \d+ (\d+)/.exec(line) ?? []
    if (commit !== undefined) {
      number = Number(final)
      if (/^0+$/.test(commit)) authors.set(number, NOT_COMMITTED)
    } else if (line.startsWith('author ') && !authors.has(number)) {
      authors.set(number, line.slice('author '.length))
    }
  }
  return authors
}

/** Whether commits are missing here, so that git takes others' lines for those of the oldest that is there. */
export async function isShallow(root: string): Promise<boolean> {
  return (await git(root, 'rev-parse', '--is-shallow-repository'))?.trim() === 'true'
}
