import { execFileSync, spawn } from 'node:child_process'
import process from 'node:process'
import { parseLockfile, type LockEntry } from '@gemini-image/core/internal'
import { expect, onTestFinished } from 'vitest'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { runCommand } from '../support/command.ts'
import { CLI } from '../support/process.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { KEY, keyed } from '../support/vite.ts'

/** What a document holds; each test says what it expects. */
export type Json = ReturnType<typeof JSON.parse>

/** A site whose page shows the pictures of prompt files in `src`. */
export function siteOf(
  pictures: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
): Promise<Site> {
  const files = Object.entries(pictures).map(([name, text]) => [`src/${name}.prompt.md`, text])
  return createSite({ ...pageOf(Object.keys(pictures)), ...Object.fromEntries(files), ...more })
}

/** Pictures of these names, each of which shows its name. */
export function plain(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, promptFile(name)]))
}

/** The same site with all of its pictures drawn. */
export async function drawn(site: Site, gemini: FakeGemini): Promise<Site> {
  const { code, output } = await runCommand(
    site.root,
    ['generate', '--yes', '--budget', '9'],
    keyed(gemini),
  )
  expect(`${code} ${output}`).toMatch(/^0 /)
  return site
}

/** What `gemini-image … --json` says, and how it ends; its standard output is one JSON document. */
export async function runJson(
  site: Pick<Site, 'root'>,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; report: Json; stderr: string }> {
  const { code, stdout, stderr } = await runCommand(site.root, [...args, '--json'], env)
  expect(stdout).not.toContain(KEY)
  return { code, report: JSON.parse(stdout), stderr }
}

/** What the lockfile pins, by fingerprint. */
export async function pinned(site: Site): Promise<ReadonlyMap<string, LockEntry>> {
  const text = await site.read('gemini-image.lock').catch(() => '')
  const place = { file: '', path: 'gemini-image.lock', line: 1, column: 1 }
  return parseLockfile(text, place).entries
}

/** The one entry that a prompt file was drawn for. */
export async function entryOf(site: Site, from: string): Promise<LockEntry> {
  const entries = [...(await pinned(site)).values()].filter((entry) => entry.from === from)
  expect(entries).toHaveLength(1)
  return entries[0] as LockEntry
}

/** Calls git in a folder, without the settings of whoever runs the tests. */
export function git(root: string, ...args: string[]): string {
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  }
  return execFileSync('git', ['-C', root, ...args], { encoding: 'utf8', env })
}

/** Makes a site a repository of its own, with all that is there committed. */
export function commitAll(site: Site): string {
  git(site.root, 'init', '--quiet', '--initial-branch=main')
  git(site.root, 'add', '--all')
  git(site.root, 'commit', '--quiet', '--allow-empty', '--message=All')
  return git(site.root, 'rev-parse', 'HEAD').trim()
}

/** How a command ended in a terminal. */
export interface Session {
  readonly code: number | null
  /** All that was shown, with escape codes. */
  readonly screen: string
}

/** Runs the command in a terminal of its own, as a person who types this would. */
export function inTerminal(
  site: Pick<Site, 'root'>,
  args: readonly string[],
  { input = '', env = {}, columns = 100 }: Partial<TerminalInput> = {},
): Promise<Session> {
  const words = [process.execPath, CLI, ...args].map((word) => `'${word}'`).join(' ')
  const command = `stty cols ${columns} rows 40; exec ${words}`
  const child = spawn('script', ['-qfec', command, '/dev/null'], {
    cwd: site.root,
    env: { ...process.env, TERM: 'xterm-256color', ...env },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let screen = ''
  let typed = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text
    // Only who is asked answers; what comes too early would be swallowed.
    if (!typed && screen.includes('(y/N)')) {
      typed = true
      child.stdin.write(input)
    }
  })
  const { promise, resolve } = Promise.withResolvers<Session>()
  child.on('close', (code) => resolve({ code, screen }))
  return promise
}

interface TerminalInput {
  readonly input: string
  readonly env: Record<string, string>
  readonly columns: number
}
