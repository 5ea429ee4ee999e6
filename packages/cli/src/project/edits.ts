import path from 'node:path'
import { CONFIG_FILES } from '@gemini-image/core/internal'
import { isIgnored, mergesByUnion } from './git.ts'
import type { Host } from './host.ts'
import { ANGULAR_BUILDERS, proposeBuilders } from './angular.ts'
import { JEST, VITE, type Adding } from './hosts.ts'
import {
  appendLine,
  insertPlugin,
  prependLine,
  wrapExported,
  writtenPlugin,
  type ConfiguredPlugin,
} from './insert.ts'
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
  const { from } = originOf(adding)
  return from.split('/', 1)[0] ?? from
}

function originOf(adding: Adding): { readonly from: string } {
  if (adding.kind === 'code') return adding
  return adding.kind === 'list' ? adding.plugin : adding.wrapper
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
  const isVite = adding?.kind === 'list' && adding.plugin.from === VITE.plugin.from
  const hasOwn = isVite && testConfig !== undefined && testConfig !== configFile
  // One that takes in Vite's configuration has its plugins.
  const isAlone = hasOwn && !(await files.read(testConfig))?.includes('vite.config')
  const tests = { ...host, adding: VITE, configFile: testConfig }
  const found = [
    await proposePlugin(host, files),
    isAlone ? await proposePlugin(tests, files) : undefined,
    host.name === 'jest' ? undefined : await proposeJest(host, files),
    host.needs.includes(ANGULAR_BUILDERS) ? await proposeAngular(host, files) : undefined,
  ]
  return found.filter((one) => one !== undefined)
}

/** Tests with Jest see nothing of what the host has. */
function proposeJest(host: Host, files: ProjectFiles): Promise<Edit | string | undefined> {
  const { jestConfig } = host
  if (jestConfig === undefined) return Promise.resolve(undefined)
  return proposePlugin({ ...host, adding: JEST, configFile: jestConfig }, files)
}

async function proposeAngular(host: Host, files: ProjectFiles): Promise<Edit | string | undefined> {
  const found = await proposeBuilders(host.configFile ?? newConfigFile(host), files)
  return typeof found === 'object' ? { ...found, isNew: false, why: WHY } : found
}

function newConfigFile(host: Host): string {
  return `${host.configName}.${extensionOf({ ...host, usesTypes: host.usesTypes && !host.isScript })}`
}

/** Only what is written out is changed; otherwise a person is told. */
async function proposePlugin(
  host: Host,
  { read }: ProjectFiles,
): Promise<Edit | string | undefined> {
  const { adding, configFile, configName } = host
  if (!adding || configName === undefined) return undefined
  if (configFile === undefined) {
    const whole = wholeConfig(adding)
    return whole === undefined ? toldBy(adding) : newFile(newConfigFile(host), whole, WHY)
  }
  const text = await read(configFile)
  if (text === undefined || text.includes(markOf(adding, configFile))) return undefined
  const changed = changedConfig(text, adding)
  if (!changed) return toldBy(adding, configFile, isCommonJs(text))
  return { file: configFile, isNew: false, why: WHY, ...changed }
}

/** What a configuration that has the plugin holds; a package names ours in any case. */
function markOf(adding: Adding, configFile: string): string {
  return configFile === 'package.json' ? originOf(adding).from : packageOf({ adding })
}

const WHY = 'prompt files become pictures'

function isCommonJs(text: string): boolean {
  return /^module\.exports\b/m.test(text)
}

function changedConfig(text: string, adding: Adding): Pick<Edit, 'added' | 'content'> | undefined {
  if (adding.kind === 'wrap') {
    const content = wrapExported(text, adding.wrapper)
    return content === undefined
      ? undefined
      : { content, added: newLines(text, content).join('\n') }
  }
  const plugin = pluginOf(adding)
  const content = plugin && insertPlugin(text, plugin)
  if (!plugin || content === undefined) return undefined
  const brought = newLines(text, content).find((line) => /^import\b|\brequire\(/.test(line))
  const list = writtenPlugin(plugin).list.replace(/\](?= \}|$)/, ', …]')
  return { content, added: [...(brought === undefined ? [] : [brought]), list].join('\n') }
}

/** What a list of plugins takes; `undefined` where there is none. */
function pluginOf(
  adding: Exclude<Adding, { readonly kind: 'wrap' }>,
): ConfiguredPlugin | undefined {
  if (adding.kind === 'list') return adding.plugin
  const { name, from, handedTo } = adding
  return handedTo && { name, from, path: ['plugins'], handedTo }
}

/** The lines of a text that a former one does not have, without what is around them. */
function newLines(former: string, text: string): readonly string[] {
  const known = new Set(former.split(/\r?\n/))
  const lines = text.split(/\r?\n/).filter((line) => !known.has(line))
  return lines.map((line) => line.trim())
}

/** The configuration of a project that has none; `undefined` where nobody knows what it is called. */
function wholeConfig(adding: Adding): string | undefined {
  if (adding.kind === 'code') return adding.whole
  if (adding.kind === 'wrap') {
    const { name, from } = adding.wrapper
    return `import ${name} from '${from}'\n\nexport default withGeminiImage({})`
  }
  const { line, list } = writtenPlugin(adding.plugin)
  return `${line === undefined ? '' : `${line}\n\n`}export default { ${list} }`
}

/** What a person is to write. */
function toldBy(adding: Adding, configFile?: string, usesRequire = false): string {
  const sourceOf = (from: string): string => (usesRequire ? `require('${from}').default` : from)
  if (adding.kind === 'wrap') {
    const { from } = adding.wrapper
    if (configFile === 'package.json') {
      return `move "jest" from package.json to jest.config.mjs, and wrap what that exports: export default withGeminiImage(config), from ${from}`
    }
    return `wrap what ${configFile} exports: export default withGeminiImage(config), from ${from}`
  }
  if (adding.kind === 'code') {
    const where = configFile === undefined ? 'in your build script' : `in ${configFile}`
    return `write ${adding.call} ${where}, with ${adding.name} from ${sourceOf(adding.from)}`
  }
  const { name, from, path: lists } = adding.plugin
  const item = name === undefined ? `'${from}'` : `${name}() from ${sourceOf(from)}`
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
