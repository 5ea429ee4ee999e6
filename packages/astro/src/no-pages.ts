import path from 'node:path'
import type { AstroIntegrationLogger, IntegrationResolvedRoute } from 'astro'
import { isPromptFile } from '@gemini-image/core/host'
import type { Plugin } from 'vite'
import { withSlashes } from './content/with-slashes.ts'

/**
 * A page that Astro writes no file for, and a server answers with 410 (Gone). In the place of 404, Astro puts the site's
 * own page for that status.
 */
const NO_PAGE = `import { createComponent } from 'astro/runtime/server/index.js'
export default createComponent(() => new Response(null, { status: 410 }))
`

/** Astro takes every Markdown file among its pages for one. What stands in a prompt file is nobody's to read. */
export function noPages(srcDir: string): Plugin {
  const pages = withSlashes(path.join(srcDir, 'pages', '/'))
  return {
    name: 'gemini-image:no-pages',
    enforce: 'pre',
    load: {
      order: 'pre',
      filter: { id: /\.prompt\.md$/ },
      handler: (id) => (id.startsWith(pages) ? NO_PAGE : undefined),
    },
  }
}

/** Astro lists them, and so do others that go by its list: no integration can take a route back. */
export function warnOfRoutes(
  routes: readonly IntegrationResolvedRoute[],
  logger: AstroIntegrationLogger,
): void {
  const files = routes.map(({ entrypoint }) => entrypoint).filter(isPromptFile)
  if (files.length === 0) return
  logger.warn(
    `Astro lists ${files.join(', ')} as ${files.length === 1 ? 'a page' : 'pages'}; none is written. Let the name begin with "_", or move the file out of the folder of pages.`,
  )
}
