import process from 'node:process'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { rootOf } from '../project/open-project.ts'

interface LspFlags {
  readonly stdio?: boolean
}

/** `gemini-image lsp`: a language server for editors. */
export function lspCommand(): Command {
  return command<LspFlags>(
    'lsp',
    'serve completion, errors, pictures and prices to an editor (Language Server Protocol) on the standard streams; spends and writes nothing',
    runLsp,
    [0, 1],
  ).option('--stdio', 'the only way in which it talks; editors may say so')
}

async function runLsp({ flags, terminal }: Input<LspFlags>): Promise<Outcome> {
  const { serveEditor } = await import('../lsp/server.ts')
  const root = flags.root === undefined ? undefined : rootOf(flags)
  const isOrderly = await serveEditor({ root, folder: process.cwd(), terminal })
  process.stdin.destroy()
  return { report: {}, text: '', exitCode: isOrderly ? 0 : 1 }
}
