import type { FormerPicture, PictureDetails, ShownImage } from '../protocol.ts'

/** A picture that can be looked at and, mostly, chosen. */
export interface Candidate {
  readonly image: ShownImage
  /** `Variant 2`. */
  readonly label: string
  /** Whether the site shows it. */
  readonly isCurrent: boolean
  /** What it was asked with, where that says something of it. */
  readonly note: string | undefined
  /** The number of a variant that can be picked. */
  readonly variant: number | undefined
  readonly former: FormerPicture | undefined
}

/** All that there is and was of a picture, each image once: as it is, its variants, its turns, what was there before. */
export function candidatesOf(details: PictureDetails): readonly Candidate[] {
  const { image, choices, turns, former } = details
  const hasChoice = choices.length > 1
  const all: Candidate[] = []
  const add = (
    image: ShownImage | undefined,
    rest: Partial<Candidate> & { label: string },
  ): void => {
    if (!image || all.some((one) => one.image.key === image.key)) return
    const isCurrent = image.key === details.image?.key
    all.push({ image, isCurrent, note: undefined, variant: undefined, former: undefined, ...rest })
  }
  if (hasChoice) {
    for (const { number, image } of choices) {
      const label = `Variant ${number}`
      // Turns go on from one of them: it is gone back to, since to pick another would ask for the turns again.
      const before = former.find((one) => one.image?.key === image?.key)
      add(image, turns.length > 0 ? { label, former: before } : { label, variant: number })
    }
  }
  add(image, { label: details.state === 'removed' ? 'Before' : 'Now' })
  add(details.change?.before, { label: 'Before' })
  turns.forEach(({ prompt, image }, index) =>
    add(image, { label: `Turn ${index + 1}`, note: prompt }),
  )
  for (const picture of former) {
    add(picture.image, { label: momentOf(picture.created), note: picture.prompt, former: picture })
  }
  return all
}

/** The model and what it took; a person takes nothing. */
export function originOf({ model, price }: Pick<PictureDetails, 'model' | 'price'>): string {
  return model === 'adopted' ? 'Brought by a person' : `${model}, ${price}`
}

/** `12 Nov 2026`. */
export function dayOf(created: string): string {
  return new Date(created).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  })
}

/** `12 Nov, 09:30`: of one picture there may be several a day. */
function momentOf(created: string): string {
  const date = new Date(created)
  const isOfThisYear = date.getFullYear() === new Date().getFullYear()
  return date.toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(!isOfThisYear && { year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
  })
}
