import { ANGULAR_BUILDERS, proposeBuilders } from './angular.ts'
import { extensionOf, newFile, originOf, packageOf, type Edit } from './edit.ts'
import type { Host } from './host.ts'
import { JEST, STORYBOOK, VITE, type Adding } from './hosts.ts'
import {
  insertCall,
  insertPlugin,
  insertProperty,
  wrapExported,
  writtenPlugin,
  type ConfiguredPlugin,
} from './insert.ts'
import type { ProjectFiles } from './project-files.ts'

/** What the configurations of a host and of its tests lack: edits, and what a person is told. */
export async function proposePlugins(
  host: Host,
  files: ProjectFiles,
): Promise<readonly (Edit | string)[]> {
  const found = [await proposePlugin(host, files)]
  for (const beside of await configsBeside(host, files)) {
    found.push(await proposePlugin({ ...host, ...beside }, files))
  }
  if (host.needs.includes(ANGULAR_BUILDERS)) found.push(await proposeAngular(host, files))
  return found.filter((one) => one !== undefined)
}

type Beside = Pick<Host, 'adding' | 'configFile'>

/** Hosts whose tests and stories have what they have. */
const SELF_CONTAINED = new Set(['angular', 'astro', 'starlight', 'nuxt', 'vitepress'])

/** The configurations of tests and stories, which see nothing of what the host has. */
async function configsBeside(host: Host, { read }: ProjectFiles): Promise<readonly Beside[]> {
  const { name, adding, configFile, testConfig, jestConfig, storiesConfig } = host
  const beside: Beside[] = []
  const isVite = adding?.kind === 'list' && adding.plugin === VITE.plugin
  const isTested = testConfig !== undefined && testConfig !== configFile
  if (isTested && !SELF_CONTAINED.has(name)) {
    // One that takes in Vite's configuration has its plugins.
    const isAlone = !(await read(testConfig))?.includes('vite.config')
    if (isAlone) beside.push({ adding: VITE, configFile: testConfig })
  }
  if (jestConfig !== undefined && name !== 'jest') {
    beside.push({ adding: JEST, configFile: jestConfig })
  }
  const hasStories = storiesConfig !== undefined && name !== 'storybook'
  if (hasStories && !isVite && !SELF_CONTAINED.has(name)) {
    beside.push({ adding: STORYBOOK, configFile: storiesConfig })
  }
  return beside
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
  const { adding, configFile, configName, commandScript } = host
  if (!adding || configName === undefined) return undefined
  if (configFile === undefined) {
    const whole = wholeConfig(adding)
    if (whole !== undefined) return newFile(newConfigFile(host), whole, WHY)
    if (commandScript === undefined) return toldBy(adding)
    return `move "${commandScript}" from package.json to a build script, because a command takes no plugins, and ${toldBy(adding)}`
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
  const written = writtenInto(text, adding)
  if (written !== undefined) return { content: written, added: newLines(text, written).join('\n') }
  if (adding.kind === 'wrap') return undefined
  const plugin = pluginOf(adding)
  const content = plugin && insertPlugin(text, plugin)
  if (!plugin || content === undefined) return undefined
  const brought = newLines(text, content).find((line) => /^import\b|\brequire\(/.test(line))
  const list = writtenPlugin(plugin).list.replace(/\](?= \}|$)/, ', …]')
  return { content, added: [...(brought === undefined ? [] : [brought]), list].join('\n') }
}

/** A configuration with what is no list of plugins; `undefined` where that is a person's to write. */
function writtenInto(text: string, adding: Adding): string | undefined {
  if (adding.kind === 'wrap') return wrapExported(text, adding.wrapper)
  if (adding.kind === 'list' || adding.form === undefined) return undefined
  const { form, call } = adding
  return form === 'property'
    ? insertProperty(text, call, adding)
    : insertCall(text, call.replace(/^\w+/, ''), adding)
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
