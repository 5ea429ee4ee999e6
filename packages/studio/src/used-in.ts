import path from 'node:path'
import type { Plan } from '@gemini-image/core'
import { isInlineId } from '@gemini-image/core/host'
import { openFiles, type Declared } from '@gemini-image/core/internal'

/** The places that ask for a picture: `src/pages/index.astro:12`. */
export function usedIn({ id, file, place }: Declared, { askedBy }: Plan, root: string): string[] {
  if (isInlineId(id)) return [`${place.path}:${place.line}`]
  const files = openFiles(root)
  return (askedBy.get(id) ?? []).map((asker) => {
    const shown = path.relative(root, asker).replaceAll('\\', '/')
    const text = files.readText('source', asker) ?? ''
    const at = text.indexOf(path.basename(file))
    return at === -1 ? shown : `${shown}:${text.slice(0, at).split('\n').length}`
  })
}
