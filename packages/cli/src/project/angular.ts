import type { ProjectFiles } from './project-files.ts'

/** What lets plugins of esbuild into Angular's builds. */
export const ANGULAR_BUILDERS = '@angular-builders/custom-esbuild'

/** The file that hands the plugin over, without its extension. */
export const ANGULAR_PLUGIN = 'gemini-image.plugin'

const WORKSPACE = 'angular.json'

/** A target of a project: `build`, `serve`, `test`. */
interface Target {
  builder?: string
  options?: Record<string, unknown>
}

interface Workspace {
  readonly projects?: Readonly<Record<string, Record<string, Record<string, Target>>>>
}

/** `angular.json` as it is to be. */
export interface AngularEdit {
  readonly file: string
  readonly added: string
  readonly content: string
}

/**
 * Has the builds of a workspace take plugins, its dev servers and its tests included; `undefined` where they do.
 * What cannot be changed is a text for a person.
 * @param plugin The file of the plugin, from the root.
 */
export async function proposeBuilders(
  plugin: string,
  { read }: ProjectFiles,
): Promise<AngularEdit | string | undefined> {
  const text = await read(WORKSPACE)
  const workspace = text === undefined ? undefined : parse(text)
  if (!workspace?.projects) return toldBy(plugin)
  const added: string[] = []
  for (const [name, project] of Object.entries(workspace.projects)) {
    added.push(...changeTargets(name, project['architect'] ?? project['targets'] ?? {}, plugin))
  }
  if (added.length === 0) return text?.includes(plugin) ? undefined : toldBy(plugin)
  const content = `${JSON.stringify(workspace, null, 2)}\n`
  return { file: WORKSPACE, added: added.join('\n'), content }
}

function parse(text: string): Workspace | undefined {
  try {
    return JSON.parse(text) as Workspace
  } catch {
    return undefined
  }
}

/** Angular's builder of applications; the older package names it, too. */
const APPLICATION = /^@angular(?:-devkit)?\/build(?:-angular)?:application$/

function changeTargets(name: string, targets: Record<string, Target>, plugin: string): string[] {
  const { build, serve, test } = targets
  if (!build || !APPLICATION.test(build.builder ?? '')) return []
  const plugins = [`./${plugin}`]
  change(build, 'application', { plugins })
  const added = [`build: "${build.builder}", "plugins": ${JSON.stringify(plugins)}`]
  if (serve?.builder?.endsWith(':dev-server')) {
    change(serve, 'dev-server', {})
    added.push(`serve: "${serve.builder}"`)
  }
  if (test?.builder?.endsWith(':unit-test')) {
    // This builder has no defaults for them.
    const { buildTarget = `${name}:build:development`, tsConfig = 'tsconfig.spec.json' } =
      test.options ?? {}
    change(test, 'unit-test', { buildTarget, tsConfig })
    added.push(`test: "${test.builder}"`)
  }
  return added
}

function change(target: Target, builder: string, options: Record<string, unknown>): void {
  target.builder = `${ANGULAR_BUILDERS}:${builder}`
  if (Object.keys(options).length > 0) target.options = { ...target.options, ...options }
}

function toldBy(plugin: string): string {
  return `build with "${ANGULAR_BUILDERS}:application" and "plugins": ["./${plugin}"] in ${WORKSPACE}, serve with its ":dev-server"`
}
