import path from 'node:path'
import { CONFIG_FILES } from '@gemini-image/core/internal'
import { isIgnored, mergesByUnion } from './git.ts'
import type { Host } from './host.ts'
import { VITE, type Adding } from './hosts.ts'
import { appendLine, insertPlugin, prependLine, writtenPlugin } from './insert.ts'
import type { ProjectFiles } from './project-files.ts'
import { reportWorkflow } from './workflow.ts'

/** A file as it is to be. */
export interface Edit {
  /** From the root. */
  readonly file: string
  readonly isNew: boolean
  /** What it is good for. */
  readonly why: string
  /** The lines that are new. */
  readonly added: string
  /** The whole file. */
  readonly content: string
}

/** What a project lacks, and what is left to a person. A project that has all of it lacks nothing. */
export interface Proposal {
  readonly edits: readonly Edit[]
  /** What should be changed and cannot be by us. */
  readonly notes: readonly string[]
}

/** Holds a project against what gemini-image needs. Changes nothing. */
export async function proposeEdits(host: Host, files: ProjectFiles): Promise<Proposal> {
  const plugins = await proposePlugins(host, files)
  const edits = await Promise.all([
    proposeConfig(host, files),
    ...plugins.filter((one) => typeof one !== 'string'),
    proposeTypes(host, files),
    proposeMerge(host, files),
    proposeIgnore(host, files),
    proposeWorkflow(host, files),
  ])
  return {
    edits: edits.filter((edit) => edit !== undefined),
    notes: plugins.filter((one) => typeof one === 'string'),
  }
}

/** Files that Node reads as modules, without a warning. */
function extensionOf({ usesTypes, usesModules }: Host): string {
  return (usesModules ? '' : 'm') + (usesTypes ? 'ts' : 'js')
}

/** The package that a host's users install. */
export function packageOf({ adding }: Pick<Host, 'adding'>): string {
  if (!adding) return 'gemini-image'
  const from = adding.kind === 'list' ? adding.plugin.from : adding.from
  return from.split('/', 1)[0] ?? from
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

/** What the configurations of a host and of its tests lack: edits, and what a person is told. */
export async function proposePlugins(
  host: Host,
  files: ProjectFiles,
): Promise<readonly (Edit | string)[]> {
  const { adding, configFile, testConfig } = host
  const isVite = adding?.kind === 'list' && adding.plugin.from === 'unplugin-gemini-image/vite'
  const hasOwn = isVite && testConfig !== undefined && testConfig !== configFile
  // One that takes in Vite's configuration has its plugins.
  const isAlone = hasOwn && !(await files.read(testConfig))?.includes('vite.config')
  const tests = { ...host, adding: VITE, configFile: testConfig }
  const found = [
    await proposePlugin(host, files),
    isAlone ? await proposePlugin(tests, files) : undefined,
  ]
  return found.filter((one) => one !== undefined)
}

/** Only a list of plugins that is written out is changed; otherwise a person is told. */
async function proposePlugin(
  host: Host,
  { read }: ProjectFiles,
): Promise<Edit | string | undefined> {
  const { adding, configFile, configName } = host
  if (!adding || configName === undefined) return undefined
  if (configFile === undefined) {
    const whole = wholeConfig(adding)
    if (whole === undefined) return toldBy(adding, undefined)
    return newFile(`${configName}.${extensionOf(host)}`, whole, WHY)
  }
  const text = await read(configFile)
  if (text === undefined || text.includes(packageOf(host))) return undefined
  const content = adding.kind === 'list' ? insertPlugin(text, adding.plugin) : undefined
  if (content === undefined || adding.kind !== 'list') return toldBy(adding, configFile)
  const { line, list } = writtenPlugin(adding.plugin)
  const added = [...(line === undefined ? [] : [line]), list.replace(/\](?= \}|$)/, ', …]')]
  return { file: configFile, isNew: false, why: WHY, added: added.join('\n'), content }
}

const WHY = 'prompt files become pictures'

/** The configuration of a project that has none; `undefined` where nobody knows what it is called. */
function wholeConfig(adding: Adding): string | undefined {
  if (adding.kind === 'code') return adding.whole
  if (adding.kind === 'wrap') {
    const line = `import withGeminiImage from '${adding.from}'`
    return `${line}\n\nexport default withGeminiImage({})`
  }
  const { line, list } = writtenPlugin(adding.plugin)
  return `${line === undefined ? '' : `${line}\n\n`}export default { ${list} }`
}

/** What a person is to write. */
function toldBy(adding: Adding, configFile: string | undefined): string {
  if (adding.kind === 'wrap') {
    return `wrap what ${configFile} exports: export default withGeminiImage(config), from ${adding.from}`
  }
  if (adding.kind === 'code') {
    const where = configFile === undefined ? 'in your build script' : `in ${configFile}`
    return `write ${adding.call} ${where}, with ${adding.name} from ${adding.from}`
  }
  const { name, from, path: lists } = adding.plugin
  const item = name === undefined ? `'${from}'` : `${name}() from ${from}`
  return `add ${item} to the ${lists.join('.')} in ${configFile}`
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
  const line = 'gemini-image.lock merge=union'
  if (host.repository && (await mergesByUnion(files.root, 'gemini-image.lock'))) return undefined
  const why = 'two branches that add pictures merge by themselves'
  return proposeLine('.gitattributes', line, why, files)
}

async function proposeIgnore(host: Host, files: ProjectFiles): Promise<Edit | undefined> {
  const line = '.env.local'
  if (host.repository && (await isIgnored(files.root, line))) return undefined
  return proposeLine('.gitignore', line, 'the API key stays out of version control', files)
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

async function proposeLine(
  file: string,
  line: string,
  why: string,
  { read }: ProjectFiles,
): Promise<Edit | undefined> {
  const text = await read(file)
  if (text === undefined) return newFile(file, line, why)
  if (text.split(/\r?\n/).some((one) => one.trim() === line)) return undefined
  return { file, isNew: false, why, added: line, content: appendLine(text, line) }
}

function newFile(file: string, added: string, why: string): Edit {
  return { file, isNew: true, why, added, content: `${added}\n` }
}
