import { callbackify } from 'node:util'
import { isPromptFile } from '@gemini-image/core/host'
import type { LoaderContext } from 'webpack'
import { SESSION, type SharedSession } from '../webpack/shared-session.ts'
import type { PageLoaderOptions, rewritePage } from './page.ts'

/** Puts the files of pictures in the place of prompt files in a page, before Docusaurus looks for images. */
function pageLoader(
  this: LoaderContext<PageLoaderOptions> & SharedSession,
  text: string,
): string | undefined {
  const session = this[SESSION]
  if (!session || !text.includes('.prompt.md') || isPromptFile(this.resourcePath)) return text
  callbackify(rewrite)(text, session, this, this.async())
  return undefined
}

async function rewrite(
  ...[text, session, loader]: Parameters<typeof rewritePage>
): ReturnType<typeof rewritePage> {
  const { rewritePage } = await import('./page.ts')
  return rewritePage(text, session, loader)
}

export default pageLoader
