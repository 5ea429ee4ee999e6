import type { Overview, PictureItem } from '../protocol.ts'

/** Something that has happened to a picture. */
export interface News {
  readonly text: string
  /** What is said of the same thing later takes its place. */
  readonly topic: string
}

const MOST = 3

/** That a picture has landed. */
export function landing({ id, name }: PictureItem, price: string): News {
  return { text: `${name} was generated, ${price}`, topic: `generated ${id}` }
}

/** What has happened to pictures since they were last looked at. */
export function newsOf(before: Overview | undefined, now: Overview): readonly News[] {
  if (!before) return []
  const earlier = new Map(before.pictures.map((picture) => [picture.id, picture]))
  const landed: PictureItem[] = []
  const others: News[] = []
  for (const picture of now.pictures) {
    const last = earlier.get(picture.id)
    if (!last || last.state === picture.state) continue
    const { id, name, state } = picture
    const wasAwaited = last.state === 'generating' || last.state === 'missing'
    if (state === 'pinned' && wasAwaited) landed.push(picture)
    if (state === 'refused') others.push({ text: `${name} was refused.`, topic: `refused ${id}` })
    if (state === 'adopted') others.push({ text: `${name} was adopted.`, topic: `adopted ${id}` })
  }
  if (landed.length <= MOST) {
    return [...landed.map((picture) => landing(picture, picture.price)), ...others]
  }
  return [{ text: `${landed.length} pictures were generated.`, topic: 'generated' }, ...others]
}
