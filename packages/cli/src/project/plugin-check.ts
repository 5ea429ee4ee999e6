import type { Check } from './checks.ts'
import { proposePlugin } from './edits.ts'
import { detectHost } from './host.ts'
import { openFiles } from './project-files.ts'

/**
 * Whether the host's configuration has the plugin. To a bundler without it, an import of a prompt file is one
 * of Markdown, and what it says then is about syntax.
 */
export async function checkPlugin(root: string): Promise<readonly Check[]> {
  const name = 'plugin'
  const host = await detectHost(root)
  if (host.name === 'none') return []
  const lacking = await proposePlugin(host, openFiles(root))
  if (lacking === undefined) {
    return [{ name, verdict: 'ok', text: `${host.configFile ?? 'The configuration'} has it.` }]
  }
  const what =
    typeof lacking === 'string'
      ? `To have prompt files become pictures, ${lacking}.`
      : `${lacking.file} lacks: ${lacking.added.replaceAll(/\n+/g, '; ')}. "npx gemini-image init" adds it.`
  return [{ name, verdict: 'warning', text: what }]
}
