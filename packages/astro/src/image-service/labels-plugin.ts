import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { openOptions, type Options } from '@gemini-image/core'
import { openLabels, type LabelFacts, type ResolvedOptions } from '@gemini-image/core/internal'
import type { ViteUserConfig } from 'astro'

type Plugin = Extract<NonNullable<ViteUserConfig['plugins']>[number], { name: string }>
type Project = Pick<ResolvedOptions, 'root' | 'lockfile' | 'labels'>

const ID = 'virtual:gemini-image/labels'
const RESOLVED = `\0${ID}`
/** Stands for the labels until all pictures are known. */
const MARK = '__GEMINI_IMAGE_LABELS__'
const MARKED_STRING = new RegExp(`(["'\`])${MARK}\\1`, 'g')

/**
 * Serves `virtual:gemini-image/labels`. While a dev server runs, the lockfile is asked each time, so that
 * pictures which land are known. A built server has no lockfile: its labels are written into its
 * code, once all modules are loaded and everything that they ask for is pinned.
 */
export function labelsPlugin(options: Options): Plugin {
  let project: Project
  let isBuild = false
  return {
    name: 'gemini-image:labels',
    configEnvironment: (name) =>
      // The image service imports a module that only a bundler knows.
      name === 'client' ? undefined : { resolve: { noExternal: ['astro-gemini-image'] } },
    async configResolved({ root, command }) {
      isBuild = command === 'build'
      project = await openOptions(options, { hostRoot: root, env: process.env })
    },
    resolveId: {
      filter: { id: /^virtual:gemini-image\/labels$/ },
      handler: (id) => (id === ID ? RESOLVED : undefined),
    },
    load: {
      filter: { id: /^\0virtual:gemini-image\/labels$/ },
      handler(id) {
        if (id !== RESOLVED) return undefined
        return isBuild ? builtCode() : devCode(project)
      },
    },
    async renderChunk(code) {
      if (!code.includes(MARK)) return undefined
      const labels = JSON.stringify(sorted(await openLabels(project).read()))
      return { code: code.replace(MARKED_STRING, () => JSON.stringify(labels)), map: null }
    },
  }
}

function devCode(project: Project): string {
  const file = fileURLToPath(new URL('dev-labels.js', import.meta.url)).replaceAll('\\', '/')
  const { root, lockfile, labels } = project
  return [
    `import { labelReader } from ${JSON.stringify(file)}`,
    `export const labelOf = labelReader(${JSON.stringify({ root, lockfile, labels })})`,
  ].join('\n')
}

function builtCode(): string {
  return [
    `const labels = new Map(JSON.parse(${JSON.stringify(MARK)}))`,
    'export const labelOf = (sha256) => labels.get(sha256)',
  ].join('\n')
}

/** Sorted, so that a build gives the same code again. */
function sorted(labels: ReadonlyMap<string, LabelFacts>): [string, LabelFacts][] {
  return [...labels].toSorted(([one], [other]) => (one < other ? -1 : 1))
}
