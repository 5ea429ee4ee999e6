import path from 'node:path'
import {
  type Credentials,
  findRepository,
  git,
  gitWithInput,
  isIgnored,
  mergesByUnion,
  openFiles,
  type ResolvedOptions,
} from '@gemini-image/core/internal'
import type { Check } from './checks.ts'
import type { Secrets } from './secrets.ts'

/**
 * What version control should and should not hold.
 * @param secrets Keys that must not be in any file of it. They are never among git's arguments.
 * @param known Whose variables must hold nothing in a file of it.
 */
export async function checkGit(
  options: Pick<
    ResolvedOptions,
    'root' | 'lockfile' | 'ledger' | 'review' | 'storeDir' | 'commitsStore'
  >,
  { values: secrets, patterns }: Secrets,
  known: readonly Credentials[],
): Promise<readonly Check[]> {
  const { root, lockfile, ledger, review } = options
  if (!(await findRepository(root))) {
    return [{ name: 'git', verdict: 'warning', text: 'This is no git repository.' }]
  }
  return [
    await checkMerge(root, path.basename(lockfile), 'add pictures'),
    ...(await checkLedger(root, path.basename(ledger))),
    ...(await checkReview(root, review)),
    await checkNotIgnored(root, path.basename(lockfile), 'gemini-image.lock must be committed'),
    ...(await checkPictures(options)),
    await checkCommittedKeys(root, secrets, patterns, known),
    ...(await checkEnvIgnored(root)),
    ...(await checkCredentialFiles(root)),
  ]
}

/** Where they are not committed, the store itself tells git so. */
async function checkPictures({
  root,
  storeDir,
  commitsStore,
}: Pick<ResolvedOptions, 'root' | 'storeDir' | 'commitsStore'>): Promise<readonly Check[]> {
  const picture = `${path.basename(storeDir)}/x.jpg`
  return commitsStore ? [await checkNotIgnored(root, picture, 'pictures must be committed')] : []
}

/** Who makes git ignore it counts for one machine. */
async function checkLedger(root: string, ledger: string): Promise<readonly Check[]> {
  return (await isIgnored(root, ledger)) ? [] : [await checkMerge(root, ledger, 'pay')]
}

/** A project without reviews needs no rule for them. */
async function checkReview(root: string, review: string): Promise<readonly Check[]> {
  if (!openFiles(root).locate('review', review)) return []
  return [await checkMerge(root, path.basename(review), 'review pictures')]
}

async function checkMerge(root: string, file: string, what: string): Promise<Check> {
  const name = 'merge'
  if (await mergesByUnion(root, file)) {
    return { name, verdict: 'ok', text: `${file} of two branches merges by itself.` }
  }
  const text = `Two branches that ${what} will conflict. Add "${file} merge=union" to .gitattributes.`
  return { name, verdict: 'warning', text }
}

async function checkNotIgnored(root: string, file: string, why: string): Promise<Check> {
  const name = 'git'
  if (!(await isIgnored(root, file))) {
    return { name, verdict: 'ok', text: `${file} is not ignored.` }
  }
  const rule = await git(root, 'check-ignore', '-v', '--no-index', '--', file)
  const text = `git ignores ${file} (${rule?.split('\t')[0]}), but ${why}. Take the rule out.`
  return { name, verdict: 'problem', text }
}

/** A key in an example is none. */
const EXAMPLES = ['example', 'sample', 'template'].map((end) => `:(exclude,glob)**/.env*.${end}`)

async function checkCommittedKeys(
  root: string,
  secrets: readonly string[],
  patterns: readonly string[],
  known: readonly Credentials[],
): Promise<Check> {
  const name = 'secrets'
  const names = known.flatMap(({ variables }) => variables).join('|')
  const assigned = String.raw`^[[:space:]]*(export[[:space:]]+)?(${names})[[:space:]]*=[[:space:]]*[^[:space:]]`
  const found = await Promise.all([
    git(root, 'grep', '-lIzE', assigned, '--', ':(glob)**/.env*', ...EXAMPLES),
    git(root, 'grep', '-lIzE', patterns.join('|'), '--', '.'),
    secrets.length > 0
      ? gitWithInput(root, `${secrets.join('\n')}\n`, 'grep', '-lIzF', '-f', '-', '--', '.')
      : undefined,
  ])
  const files = [...new Set(found.flatMap((list) => list?.split('\0') ?? []).filter(Boolean))]
  if (files.length === 0) {
    return { name, verdict: 'ok', text: 'No file in version control holds an API key.' }
  }
  const text = `${files.toSorted().join(', ')} ${files.length === 1 ? 'holds' : 'hold'} an API key and ${files.length === 1 ? 'is' : 'are'} in version control. Take it out, and replace the key: others may have read it.`
  return { name, verdict: 'problem', text }
}

/** Nothing is to be said of a file that is not there. */
async function checkEnvIgnored(root: string): Promise<readonly Check[]> {
  const others = await git(root, 'ls-files', '-z', '--others', '--exclude-standard', '--', '.env*')
  const files = (others?.split('\0') ?? []).filter((file) => /^\.env(?:\.\w+)*$/.test(file))
  const open = files.filter((file) => !/\.(?:example|sample|template)$/.test(file))
  return open.map((file) => ({
    name: 'secrets',
    verdict: 'warning',
    text: `git does not ignore ${file}, so that it may be committed by mistake. Add it to .gitignore.`,
  }))
}

/** What a CI system signs in with may lie beside the source. */
async function checkCredentialFiles(root: string): Promise<readonly Check[]> {
  const pattern = ':(glob)**/gha-creds-*.json'
  const [open, committed] = await Promise.all([
    git(root, 'ls-files', '-z', '--others', '--exclude-standard', '--', pattern),
    git(root, 'ls-files', '-z', '--', pattern),
  ])
  const files = (list: string | undefined): readonly string[] =>
    list?.split('\0').filter(Boolean) ?? []
  return [
    ...files(committed).map((file): Check => ({
      name: 'secrets',
      verdict: 'problem',
      text: `${file} holds credentials and is in version control. Take it out, and add gha-creds-*.json to .gitignore.`,
    })),
    ...files(open).map((file): Check => ({
      name: 'secrets',
      verdict: 'warning',
      text: `git does not ignore ${file}, which holds credentials. Add gha-creds-*.json to .gitignore.`,
    })),
  ]
}
