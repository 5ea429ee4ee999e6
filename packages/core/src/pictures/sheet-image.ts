import type { Sheet } from '../plan/declarations.ts'
import type { DeclarationId } from '../declare/declaration.ts'
import type { ResolvedImage } from './resolved-image.ts'

/** The pictures of a sheet, as one that hosts take for any other: what is its own is that of the first. */
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
  const { scenes: _scenes, layers: _layers, ...facts } = first
  const missing = images.find(({ state }) => state === 'placeholder')
  const alts = new Set(images.flatMap(({ alt }) => alt ?? []))
  return {
    ...facts,
    name,
    sheet,
    state: missing?.state ?? first.state,
    why: images.find(({ why }) => why)?.why,
    alt: alts.size === 0 ? undefined : [...alts].filter((alt) => alt !== '').join('; '),
    inputs: [...new Set(images.flatMap(({ inputs }) => inputs))],
  }
}
