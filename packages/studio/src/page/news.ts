import type { Overview, PictureItem } from '../protocol.ts'

const MOST = 3

/** What has happened to pictures since they were last looked at, in sentences. */
export function newsOf(before: Overview | undefined, now: Overview): readonly string[] {
  if (!before) return []
  const earlier = new Map(before.pictures.map((picture) => [picture.id, picture]))
  const landed: PictureItem[] = []
  const others: string[] = []
  for (const picture of now.pictures) {
    const last = earlier.get(picture.id)
    if (!last || last.state === picture.state) continue
    if (picture.state === 'pinned' && last.state === 'generating') landed.push(picture)
    if (picture.state === 'refused') others.push(`${picture.name} was refused.`)
    if (picture.state === 'adopted') others.push(`${picture.name} was adopted.`)
  }
  if (landed.length > MOST) return [`${landed.length} pictures were generated.`, ...others]
  return [...landed.map(({ name, price }) => `${name} was generated, ${price}`), ...others]
}
