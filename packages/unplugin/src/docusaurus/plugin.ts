import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Options } from '@gemini-image/core'
import { GeminiImageError } from '@gemini-image/core/host'
import { HostProject } from '../project/host-project.ts'
import { openHostWithEnv } from '../project/open-host.ts'
import rspack from '../rspack.ts'
import webpack from '../webpack.ts'

const PAGE_LOADER = fileURLToPath(new URL('docusaurus-page-loader.js', import.meta.url))

/** What Docusaurus says of a site, as far as it is used here. */
export interface SiteContext {
  readonly siteDir: string
  /** What a build writes. */
  readonly outDir: string
}

/** A plugin of Docusaurus, as far as it is used here. */
export interface DocusaurusPlugin {
  readonly name: string
  allContentLoaded(loaded: { readonly allContent: unknown }): Promise<void>
  configureWebpack(
    config: unknown,
    isServer: boolean,
    utils: { readonly currentBundler?: { readonly name: string } },
  ): object
}

/** The plugin, once Node.js itself has loaded it. */
export function createPlugin(
  context: SiteContext,
  { id: _id, ...options }: Options & { readonly id?: string },
): DocusaurusPlugin {
  return {
    name: 'gemini-image',
    allContentLoaded: async ({ allContent }) => {
      assertNoPages(allContent)
      if (isBuild()) await prepareAhead(options, context)
    },
    configureWebpack: (_config, _isServer, { currentBundler }) => {
      const pictures = currentBundler?.name === 'rspack' ? rspack : webpack
      const use = [{ loader: PAGE_LOADER, options: { siteDir: context.siteDir } }]
      return {
        plugins: [pictures(options)],
        // Before Docusaurus compiles a page. A plain expression is, to Docusaurus, a rule of a plugin that brings pages.
        module: { rules: [{ test: { and: [/\.mdx?$/] }, enforce: 'pre', use }] },
      }
    },
  }
}

/** Other commands load a site as well. */
function isBuild(): boolean {
  return process.argv.some((argument) => argument === 'build' || argument === 'deploy')
}

/**
 * Makes pictures available before two compilers begin that would both ask for them.
 * @throws {GeminiImageError} as a build of any host.
 */
async function prepareAhead(options: Options, { siteDir, outDir }: SiteContext): Promise<void> {
  const say = (message: string): void => void process.stderr.write(`[gemini-image] ${message}\n`)
  const opening = { hostRoot: siteDir, outputs: [outDir], logger: { info: say, warn: say } }
  await new HostProject(await openHostWithEnv(options, opening)).prepare()
}

/** What Docusaurus leaves out by itself, and our files. */
const EXCLUDE = `exclude: ['**/_*.{js,jsx,ts,tsx,md,mdx}', '**/_*/**', '**/*.test.{js,jsx,ts,tsx}', '**/__tests__/**', '**/*.prompt.md']`

/**
 * Docusaurus makes a page of every Markdown file.
 * @throws {GeminiImageError} `UNRESOLVED_REFERENCE` where one of them is a prompt file.
 */
function assertNoPages(allContent: unknown): void {
  const found = JSON.stringify(allContent).matchAll(/"source":"@site\/([^"]+\.prompt\.md)"/g)
  const pages = [...new Set(Array.from(found, ([, page]) => page))].toSorted()
  if (pages.length === 0) return
  throw new GeminiImageError({
    code: 'UNRESOLVED_REFERENCE',
    what: `Docusaurus would publish prompt files as pages: ${pages.join(', ')}.`,
    why: 'It makes a page of every Markdown file in the folders of docs, blog and pages.',
    fix: `put them into another folder, let their names begin with "_", or add this line to the options of docs, blog and pages in docusaurus.config:\n  ${EXCLUDE},`,
  })
}
