import type { Check } from './checks.ts'
import type { Edit } from './edit.ts'
import { detectHost } from './host.ts'
import { proposePlugins } from './plugin-edits.ts'
import { openFiles } from './project-files.ts'

/**
 * Whether the host's configuration has the plugin. To a bundler without it, an import of a prompt file is one
 * of Markdown, and what it says then is about syntax.
 */
export async function checkPlugin(root: string): Promise<readonly Check[]> {
  const name = 'plugin'
  const host = await detectHost(root)
  const { adding, configFile, commandScript } = host
  if (!adding) return []
  // A build script may be called anything, and be run by anything.
  const isKnown = configFile !== undefined || commandScript !== undefined
  if (adding.kind === 'code' && adding.whole === undefined && !isKnown) return []
  const lacking = await proposePlugins(host, openFiles(root))
  if (lacking.length === 0) {
    return [{ name, verdict: 'ok', text: `${configFile ?? 'The configuration'} has it.` }]
  }
  return lacking.map((one) => ({ name, verdict: 'warning', text: whatToAdd(one) }))
}

function whatToAdd(lacking: Edit | string): string {
  if (typeof lacking === 'string') return `To have prompt files become pictures, ${lacking}.`
  const { file, added } = lacking
  return `${file} lacks: ${added.replaceAll(/\n+/g, '; ')}. "npx gemini-image init" adds it.`
}
