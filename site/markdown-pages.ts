import { copyFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'
import { DOCS, pageNames } from './sidebar.ts'

/** Puts each page beside its HTML as Markdown, for language models: `/commands.md`. */
export function markdownPages(): AstroIntegration {
  return {
    name: 'markdown-pages',
    hooks: {
      'astro:build:done': async ({ dir }) => {
        const copies = pageNames().map((name) =>
          copyFile(path.join(DOCS, `${name}.md`), path.join(fileURLToPath(dir), `${name}.md`)),
        )
        await Promise.all(copies)
      },
    },
  }
}
