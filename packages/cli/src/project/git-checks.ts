import path from 'node:path'
import type { ResolvedOptions } from '@gemini-image/core'
import type { Check } from './checks.ts'
import { git } from './git.ts'

/** What version control should and should not hold. */
export async function checkGit(options: ResolvedOptions): Promise<readonly Check[]> {
  const { root, lockfile, storeDir } = options
  if ((await git(root, 'rev-parse', '--git-dir')) === undefined) {
    return [{ name: 'git', verdict: 'warning', text: 'This is no git repository.' }]
  }
  return [
    await checkMerge(root, path.basename(lockfile)),
    await checkIgnored(root, path.basename(lockfile), 'gemini-image.lock must be committed'),
    await checkIgnored(root, `${path.basename(storeDir)}/x.jpg`, 'pictures must be committed'),
    await checkEnvFiles(root),
  ]
}

async function checkMerge(root: string, lockfile: string): Promise<Check> {
  const attributes = await git(root, 'check-attr', 'merge', '--', lockfile)
  if (attributes?.trim().endsWith('union')) {
    return { name: 'merge', verdict: 'ok', text: 'Lockfiles of two branches merge by themselves.' }
  }
  const text =
    'Two branches that add pictures will conflict. Add "gemini-image.lock merge=union" to .gitattributes.'
  return { name: 'merge', verdict: 'warning', text }
}

async function checkIgnored(root: string, file: string, why: string): Promise<Check> {
  const rule = await git(root, 'check-ignore', '-v', '--no-index', '--', file)
  if (rule === undefined) return { name: 'git', verdict: 'ok', text: `${file} is not ignored.` }
  const text = `git ignores ${file} (${rule.split('\t')[0]}), but ${why}. Take the rule out.`
  return { name: 'git', verdict: 'problem', text }
}

async function checkEnvFiles(root: string): Promise<Check> {
  const tracked = (
    await git(root, 'grep', '-lE', '^(GEMINI|GOOGLE)_API_KEY=.', '--', '.env*')
  )?.trim()
  if (!tracked)
    return { name: 'secrets', verdict: 'ok', text: 'No .env file with a key is committed.' }
  const files = tracked.split('\n').join(', ')
  const text = `${files} holds an API key and is in version control. Take it out, ignore it, and replace the key.`
  return { name: 'secrets', verdict: 'problem', text }
}
