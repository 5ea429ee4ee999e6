import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { GeminiImageError } from '@gemini-image/core/host'
import type { Metafile, PluginBuild } from 'esbuild'
import { leftMacro, MACRO_MODULE } from '../source/refuse-macro.ts'
import { toMessages } from './messages.ts'
import type { Session } from './session.ts'
import type { Opened } from './setup.ts'

/** The plugin that compiles Angular's components, and bundles styles where no other plugin is asked. */
const ANGULAR = 'angular-compiler'

/**
 * Adds what refuses prompts that would be shipped because another plugin has taken a file before this one is asked.
 * Files that the build does not bundle are left alone: another may.
 */
export function refuseUnseen(build: PluginBuild, opened: Opened): void {
  // Where a macro was replaced, nothing imports its module any more.
  build.onResolve({ filter: MACRO_MODULE }, ({ path: specifier, importer }) => {
    const session = opened()
    if (!session || session.state === 'wrong') return undefined
    const why = isAngular(build)
      ? 'Angular compiles TypeScript before gemini-image is asked.'
      : 'Another plugin loads the file before gemini-image is asked.'
    const error = leftMacro(specifier, importer, session.options.root, why)
    return error && { errors: toMessages(error) }
  })
  build.onEnd(({ metafile }) => {
    const error = shippedIn(metafile)
    return error && { errors: toMessages(error) }
  })
}

/**
 * Refuses stylesheets of an Angular app that ask for a picture. Those of the whole site are bundled where no plugin
 * can look.
 * @throws {GeminiImageError} `UNRESOLVED_REFERENCE`.
 */
export async function refuseAngularStyles(build: PluginBuild, session: Session): Promise<void> {
  if (!isAngular(build)) return
  const { findRequests, isStyle, Source } = await import('@gemini-image/core/internal')
  const { root } = session.options
  const styles = session.importers.filter(isStyle)
  for (const file of styles.filter((one) => isOfPackage(one, root))) {
    const text = await readFile(file, 'utf8')
    const request = findRequests(text, file).find((one) => 'file' in one)
    if (!request) continue
    throw new GeminiImageError({
      code: 'UNRESOLVED_REFERENCE',
      what: `Angular would publish the prompt file "${request.file}" in place of its picture.`,
      why: 'It bundles styles without plugins.',
      fix: 'import the picture in a component, and bind it: [style.background-image].',
      place: new Source(text, { file, root }).placeAt(request.start),
    })
  }
}

/** Whether Angular's builder makes this build. */
export function isAngular({ initialOptions: { plugins = [] } }: PluginBuild): boolean {
  return plugins.some(({ name }) => name === ANGULAR)
}

/** Whether a file belongs to the package in `root`, and to none below it. */
function isOfPackage(file: string, root: string): boolean {
  for (let folder = path.dirname(file); folder !== root; folder = path.dirname(folder)) {
    if (folder === path.dirname(folder)) return false
    if (existsSync(path.join(folder, 'package.json'))) return false
  }
  return true
}

/** What is wrong with a build that carries a prompt file, as a file or in a stylesheet. */
function shippedIn(metafile: Metafile | undefined): GeminiImageError | undefined {
  for (const [output, { inputs }] of Object.entries(metafile?.outputs ?? {})) {
    if (/\.(?:[cm]?js|map)$/.test(output)) continue
    const found = Object.keys(inputs).find((input) => /\.prompt\.md(?:\?|$)/.test(input))
    if (found === undefined) continue
    // Behind the name of a namespace.
    const file = found.replace(/^.*:/, '').replace(/\?.*$/, '')
    return new GeminiImageError({
      code: 'UNRESOLVED_REFERENCE',
      what: `${output} would carry the prompt file ${file} in place of its picture.`,
      why: 'Something takes its path that gemini-image does not see.',
      fix: "import the picture in a module (import hero from './hero.prompt.md?gemini-image') and use that.",
    })
  }
  return undefined
}
