import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { isGeminiImageError, type PlanRow, type Project } from '@gemini-image/core'
import { fileOfId, isInlineId, isPromptFile } from '@gemini-image/core/host'
import {
  ADOPTED,
  findMacros,
  formatDollars,
  formatEstimate,
  imagesOf,
  labelOf,
  planOf,
  Source,
  type Declaration,
} from '@gemini-image/core/internal'
import type { Opened, Reading } from './reading.ts'

/** How pictures are shown in the Markdown of a client. */
export interface Look {
  /** Whether a width may stand behind the address of an image, as VS Code takes it. */
  readonly takesWidth: boolean
}

/** How wide a picture is shown, in pixels. */
const WIDTH = 320
/** Pictures of a set that are shown at once. */
const MOST_SHOWN = 4

/** The pictures of an id, as they stand now; without those of which something is wrong. */
export async function picturesOf(id: string, project: Project): Promise<readonly PlanRow[]> {
  const { rows } = await planOf(project, [id])
  return rows
}

/** The rows of what a document declares at a line (from 0): all of a prompt file, or what is written there. */
export function rowsAt(document: Opened, line: number, reading: Reading): readonly PlanRow[] {
  if (isPromptFile(document.file)) return reading.rows
  const found = reading.declarations.filter((one) => {
    const [first, last] = linesOf(one, document)
    return line >= first && line <= last
  })
  const ids = new Set(found.map(({ id }) => id))
  return reading.rows.filter(({ declared }) => ids.has(declared.id))
}

/** The first and the last line of an inline declaration, from 0. */
function linesOf(declaration: Declaration, { file, text }: Opened): readonly [number, number] {
  const source = new Source(text, { file, root: path.dirname(file) })
  const { calls } = findMacros(source)
  const call = calls.find(
    ({ declaration: one }) => !isGeminiImageError(one) && one.id === declaration.id,
  )
  if (call) return [source.placeAt(call.start).line - 1, source.placeAt(call.end).line - 1]
  const places = [...declaration.settings.values()].flatMap((setting) => [
    setting.keyPlace(),
    setting.valuePlace(),
  ])
  const lines = [declaration.place, ...places].map(({ line }) => line - 1)
  return [Math.min(...lines), Math.max(...lines)]
}

/** Pictures with their state and price, in Markdown. */
export function showRows(rows: readonly PlanRow[], project: Project, look: Look): string {
  const shown = rows.slice(0, MOST_SHOWN).map((row) => showRow(row, project, look))
  const more = rows.length - shown.length
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n\n---\n\n')
}

function showRow(row: PlanRow, project: Project, look: Look): string {
  const { declared, entry, state } = row
  const image = entry && imagesOf(entry).at(-1)
  const isStored = image !== undefined && project.store.has(image.file)
  const { width, height } = image ?? declared.pixels
  const facts = [stateOf(row, isStored), `${width} × ${height}`, entry?.model ?? declared.model.id]
  const where = isInlineId(declared.id) ? labelOf(declared) : path.basename(fileOfId(declared.id))
  const price =
    state === 'pinned'
      ? entry?.adopted === undefined && entry
        ? `Paid: ${formatDollars(entry.cost)}.`
        : ''
      : `Generating it costs ${formatEstimate(row.estimate)}.`
  return [
    isStored ? imageLink(path.join(project.options.storeDir, image.file), row, look) : '',
    `**${escaped(where)}**: ${facts.join(', ')}. ${price}`.trim(),
    declared.spec.alt ? `Alternative text: ${escaped(declared.spec.alt)}` : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function stateOf({ state, entry }: PlanRow, isStored: boolean): string {
  if (state === 'stale') return 'stale'
  if (state === 'missing') return entry && !isStored ? 'its file is lost' : 'not generated yet'
  return entry?.model === ADOPTED || entry?.adopted !== undefined ? 'adopted' : 'pinned'
}

function imageLink(file: string, { declared }: PlanRow, { takesWidth }: Look): string {
  const address = pathToFileURL(file).href.replaceAll('(', '%28').replaceAll(')', '%29')
  return `![${escaped(declared.spec.alt ?? declared.name)}](${address}${takesWidth ? `|width=${WIDTH}` : ''})`
}

/** Text of a person's, which means nothing in Markdown. */
function escaped(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]()#+!|<>&]/g, '\\$&')
}

/** The same for a client that shows plain text: nothing but the words. */
export function withoutMarkdown(markdown: string): string {
  return markdown
    .replaceAll(/^!\[.*\]\(.*\)\n*/gm, '')
    .replaceAll('**', '')
    .replaceAll(/\\(?=[\\`*_{}[\]()#+!|<>&])/g, '')
    .replaceAll('`', '')
}
