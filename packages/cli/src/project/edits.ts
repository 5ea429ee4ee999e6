import path from 'node:path'
import { CONFIG_FILES, isIgnored, mergesByUnion } from '@gemini-image/core/internal'
import { proposeAgents, type AgentName } from './agents.ts'
import { extensionOf, newFile, packageOf, type Edit } from './edit.ts'
import type { Host } from './host.ts'
import { appendLine, prependLine } from './insert.ts'
import { proposePlugins } from './plugin-edits.ts'
import type { ProjectFiles } from './project-files.ts'
import { reportWorkflow } from './workflow.ts'

/** What a project lacks, and what is left to a person. A project that has all of it lacks nothing. */
export interface Proposal {
  readonly edits: readonly Edit[]
  /** What should be changed and cannot be by us. */
  readonly notes: readonly string[]
}

/**
 * Holds a project against what gemini-image needs. Changes nothing.
 * @param asked Coding agents that are to be set up, whether the project has them or not.
 */
export async function proposeEdits(
  host: Host,
  files: ProjectFiles,
  asked: readonly AgentName[] = [],
): Promise<Proposal> {
  const plugins = await proposePlugins(host, files)
  const agents = await proposeAgents(asked, files)
  const edits = await Promise.all([
    ...plugins.filter((one) => typeof one !== 'string'),
    proposeTypes(host, files),
    proposeIgnore(host, files),
    proposeMerge(host, files),
    proposeConfig(host, files),
    proposeWorkflow(host, files),
    ...agents.filter((one) => typeof one !== 'string'),
  ])
  return {
    edits: edits.filter((edit) => edit !== undefined),
    notes: [...plugins, ...agents].filter((one) => typeof one === 'string'),
  }
}

async function proposeConfig(host: Host, { read }: ProjectFiles): Promise<Edit | undefined> {
  const existing = await Promise.all(CONFIG_FILES.map(read))
  if (existing.some((text) => text !== undefined)) return undefined
  const added = [
    `import { defineConfig } from '${packageOf(host)}/config'`,
    '',
    'export default defineConfig({',
    '  // The most that one run may spend, in US dollars.',
    '  budget: 1,',
    '})',
  ].join('\n')
  const file = `gemini-image.config.${extensionOf(host)}`
  return newFile(file, added, 'options for the command and the plugin alike')
}

/** Where projects reference types, in the order in which they are looked for. */
const TYPE_FILES = [
  'src/vite-env.d.ts',
  'src/env.d.ts',
  'src/gemini-image.d.ts',
  'vite-env.d.ts',
  'env.d.ts',
  'gemini-image.d.ts',
]

/** Where a host's users would look for types. */
const NEW_TYPES: Readonly<Record<string, string>> = { vite: 'vite-env' }

async function proposeTypes(host: Host, { read, has }: ProjectFiles): Promise<Edit | undefined> {
  if (!host.usesTypes || packageOf(host) !== 'unplugin-gemini-image') return undefined
  const types = `unplugin-gemini-image/client${host.name === 'next' ? '/next' : ''}`
  const line = `/// <reference types="${types}" />`
  const why = 'TypeScript knows what a picture import gives'
  const places = [...TYPE_FILES, 'tsconfig.json', 'tsconfig.app.json']
  const texts = await Promise.all(places.map(read))
  if (texts.some((text) => text?.includes(types))) return undefined
  const file = TYPE_FILES.find((_, index) => texts[index] !== undefined)
  if (file === undefined)
    return newFile(
      `${has('src') ? 'src/' : ''}${NEW_TYPES[host.name] ?? 'gemini-image'}.d.ts`,
      line,
      why,
    )
  const content = prependLine(texts[TYPE_FILES.indexOf(file)] ?? '', line)
  return { file, isNew: false, why, added: line, content }
}

async function proposeMerge(host: Host, files: ProjectFiles): Promise<Edit | undefined> {
  const lines: string[] = []
  for (const file of ['gemini-image.lock', 'gemini-image.ledger', 'gemini-image.review']) {
    const isMerged = host.repository && (await mergesByUnion(files.root, file))
    if (!isMerged) lines.push(`${file} merge=union`)
  }
  const why = 'two branches that add pictures merge by themselves'
  return proposeLines('.gitattributes', lines, why, files)
}

async function proposeIgnore(host: Host, files: ProjectFiles): Promise<Edit | undefined> {
  const line = '.env.local'
  if (host.repository && (await isIgnored(files.root, line))) return undefined
  return proposeLines('.gitignore', [line], 'the API key stays out of version control', files)
}

/** GitHub reads workflows at the top of a repository only. */
async function proposeWorkflow(
  { repository, usesGitHub, installing }: Host,
  files: ProjectFiles,
): Promise<Edit | undefined> {
  if (!repository || !usesGitHub) return undefined
  const { top, prefix } = repository
  const folder = path.relative(files.root, path.join(top, '.github', 'workflows'))
  const workflows = await files.readAll(folder)
  const isOurs = (text: string): boolean =>
    text.includes('gemini-image plan') && text.includes(prefix.replace(/\/$/, ''))
  if (workflows.some(isOurs)) return undefined
  const site = prefix.replaceAll(/[^A-Za-z0-9]+/g, '-').replace(/-$/, '')
  const name = ['gemini-image', site].filter(Boolean).join('-')
  const file = path.join(folder, `${name}.yml`).replaceAll('\\', '/')
  const text = reportWorkflow(installing, prefix).trimEnd()
  return (await files.read(file)) === undefined
    ? newFile(file, text, 'each pull request shows its pictures and their price')
    : undefined
}

async function proposeLines(
  file: string,
  lines: readonly string[],
  why: string,
  { read }: ProjectFiles,
): Promise<Edit | undefined> {
  const text = await read(file)
  const there = new Set(text?.split(/\r?\n/).map((one) => one.trim()))
  const missing = lines.filter((line) => !there.has(line))
  if (missing.length === 0) return undefined
  const added = missing.join('\n')
  if (text === undefined) return newFile(file, added, why)
  return { file, isNew: false, why, added, content: missing.reduce(appendLine, text) }
}
