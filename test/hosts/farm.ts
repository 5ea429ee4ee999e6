import path from 'node:path'
import { start } from '../support/process.ts'
import type { Host } from './host.ts'

const BUILD = path.join(import.meta.dirname, '../frameworks/farm/build.js')

/** Farm with the plugin of its entry. */
export const FARM: Host = farmHost(false)

/**
 * Farm as a host of the matrix. It ends its process where a build fails, so it has one of its own.
 * @param isWhole Whether the plugin is that of the unplugin, and not that of Farm's entry.
 */
export function farmHost(isWhole: boolean): Host {
  return {
    name: 'Farm 1',
    abilities: new Set(['import', 'css', 'source-maps']),
    async build(site, { env = {}, options = {} }) {
      const args = [BUILD, JSON.stringify({ options, isWhole })]
      const { code, output } = await start(args, site.root, { CI: '', ...env }).ended
      const warnings = output.split('\n').filter((line) => line.startsWith('warn: '))
      return { errors: code === 0 ? [] : [output], warnings }
    },
    watch: () => Promise.reject(new Error('The plugin follows no files on Farm.')),
  }
}
