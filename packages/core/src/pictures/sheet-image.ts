import type { DeclarationId } from '../declare/declaration.ts'
import type { Sheet } from '../declare/sheets.ts'
import type { ResolvedImage } from './resolved-image.ts'

/**
 * The pictures of a sheet, as one that hosts take for any other: what is not of all is of the first, or of the first that is
 * missing.
 */
export async function sheetImage(
  { name, pictures }: Sheet,
  find: (id: DeclarationId) => Promise<ResolvedImage>,
): Promise<ResolvedImage> {
  const found = pictures.map(async ({ frame, id }) => ({ frame, id, image: await find(id) }))
  return together(name, await Promise.all(found))
}

type SheetPicture = NonNullable<ResolvedImage['sheet']>[number]

function together(name: string, sheet: readonly SheetPicture[]): ResolvedImage {
  const images = sheet.map(({ image }) => image)
  const [first] = images
  if (!first) throw new RangeError(`No picture in ${name}`)
  const missing = images.find(({ state }) => state === 'placeholder')
  const { scenes: _scenes, layers: _layers, ...facts } = missing ?? first
  const alts = new Set(images.flatMap(({ alt }) => alt ?? []))
  return {
    ...facts,
    name,
    sheet,
    // It stays the same when the pictures land, as that of a picture does.
    fingerprint: first.fingerprint,
    why: images.find(({ why }) => why)?.why,
    alt: alts.size === 0 ? undefined : [...alts].filter((alt) => alt !== '').join('; '),
    inputs: [...new Set(images.flatMap(({ inputs }) => inputs))],
  }
}
