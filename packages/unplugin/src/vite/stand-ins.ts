import path from 'node:path'
import type { ResolvedImage } from '@gemini-image/core'
import type { DeclarationId, RenditionWish } from '@gemini-image/core/internal'
import { withSlashes } from '../project/with-slashes.ts'

/** Renditions that pages show of a picture. */
export interface ShownRenditions {
  readonly wish: RenditionWish
  /** Absolute paths. */
  readonly files: readonly string[]
}

interface NamedStandIn {
  readonly id: DeclarationId
  readonly image: ResolvedImage
}

/** What a dev server shows where a picture has not landed. */
export class StandIns {
  /** What was shown of each, and has not landed since. */
  readonly #shown = new Map<DeclarationId, ResolvedImage>()
  /** The names of all placeholders that were shown of each since it has landed last. */
  readonly #names = new Map<DeclarationId, Set<string>>()
  /** The name of a placeholder → whose it is, and what else there is to know of it. */
  readonly #byName = new Map<string, NamedStandIn>()
  /** What was handed out of each last. */
  readonly #given = new Map<DeclarationId, ResolvedImage>()
  /** How many of those who ask wait for the same placeholder. */
  readonly #drawing = new Map<DeclarationId, number>()
  /** How many pictures have landed. */
  #landings = 0
  /** Which of them each was last. */
  readonly #landedAt = new Map<DeclarationId, number>()
  /** Renditions, and the picture's file that each was made of. */
  readonly #madeOf = new Map<string, string>()
  /** The picture's file → what was made of it, by what was asked for. */
  readonly #renditions = new Map<string, Map<string, ShownRenditions>>()

  /** The picture, or a placeholder whose picture had not landed when it was ready. */
  async imageOf(
    id: DeclarationId,
    preview: (id: DeclarationId) => Promise<ResolvedImage>,
  ): Promise<ResolvedImage> {
    this.#count(id, 1)
    try {
      for (;;) {
        const landings = this.#landings
        const image = await preview(id)
        // Drawing takes a while, in which a picture may land.
        const missing = missingIn(image, id)
        if (missing.some((one) => (this.#landedAt.get(one.id) ?? 0) > landings)) continue
        if (missing.length === 0) {
          // An edit was taken back. Where the same has landed, those who show the placeholder are still to hear.
          if (this.#shown.get(id)?.fingerprint !== image.fingerprint) this.#shown.delete(id)
          this.#given.set(id, image)
          return image
        }
        this.show(id, image)
        return image
      }
    } finally {
      this.#count(id, -1)
    }
  }

  /** Takes what is shown for a placeholder. */
  show(id: DeclarationId, image: ResolvedImage): void {
    this.#shown.set(id, image)
    this.#given.set(id, image)
    for (const { file } of missingIn(image, id)) this.#name(path.basename(file), { id, image })
  }

  #name(name: string, named: NamedStandIn): void {
    this.#names.set(named.id, (this.#names.get(named.id) ?? new Set()).add(name))
    this.#byName.set(name, named)
  }

  /** The picture itself is shown again, without having landed. */
  withdraw(id: DeclarationId, image: ResolvedImage): void {
    this.#shown.delete(id)
    this.#names.delete(id)
    this.#given.set(id, image)
  }

  /** A picture has landed. @returns the names of the files that were shown in its place, if there were any. */
  land(id: DeclarationId): ReadonlySet<string> | undefined {
    this.#landings += 1
    this.#landedAt.set(id, this.#landings)
    const names = this.#shown.has(id) ? this.#names.get(id) : undefined
    this.#shown.delete(id)
    this.#names.delete(id)
    return names
  }

  /** What is shown in the place of a picture. */
  shownOf(id: DeclarationId): ResolvedImage | undefined {
    return this.#shown.get(id)
  }

  /** What was handed out of a picture last, be it the picture. */
  givenOf(id: DeclarationId): ResolvedImage | undefined {
    return this.#given.get(id)
  }

  /** Those that were handed out with a placeholder of this picture in them: as a scene, in a language, or in a sheet. */
  wholesOf(part: DeclarationId): readonly DeclarationId[] {
    const holds = (image: ResolvedImage): boolean => missingIn(image).some(({ id }) => id === part)
    return [...this.#given].flatMap(([id, image]) => (id !== part && holds(image) ? id : []))
  }

  /** The placeholder that a file is. @param file As {@link StandIns.fileShownBy} gives it. */
  named(file: string): NamedStandIn | undefined {
    return this.#byName.get(file)
  }

  /** Whose placeholders are shown, or are being drawn. */
  ids(): ReadonlySet<DeclarationId> {
    return new Set([...this.#shown.keys(), ...this.#drawing.keys()])
  }

  noteRenditions(wish: RenditionWish, files: readonly string[], { file }: ResolvedImage): void {
    for (const made of files) this.#madeOf.set(path.basename(made), path.basename(file))
    const known = this.#renditions.get(file) ?? new Map<string, ShownRenditions>()
    this.#renditions.set(file, known.set(`${wish.form}${wish.query}`, { wish, files }))
  }

  /** The renditions that were made of a picture. */
  renditionsOf({ file }: ResolvedImage): readonly ShownRenditions[] {
    return [...(this.#renditions.get(file)?.values() ?? [])]
  }

  /** The name of the picture's file that a URL shows, be it by a rendition or an image service. */
  fileShownBy(url: string): string {
    const name = path.posix.basename(imageIn(url).replace(/[?#].*/, ''))
    return this.#madeOf.get(name) ?? name
  }

  #count(id: DeclarationId, by: number): void {
    const count = (this.#drawing.get(id) ?? 0) + by
    if (count > 0) this.#drawing.set(id, count)
    else this.#drawing.delete(id)
  }
}

/** The placeholders in what is shown: a picture, its scenes, those of all languages, or what a sheet is made of. */
export function missingIn(
  { state, file, scenes = [], languages = [], sheet = [] }: ResolvedImage,
  own?: DeclarationId,
): readonly { readonly id: DeclarationId; readonly file: string }[] {
  const parts = [...scenes, ...languages, ...sheet].flatMap(({ id, image }) =>
    id !== undefined && image?.state === 'placeholder'
      ? { id: withSlashes(id), file: image.file }
      : [],
  )
  return own !== undefined && state === 'placeholder' ? [{ id: own, file }, ...parts] : parts
}

/** The URL of the image that an image service was asked for; of others, the URL itself. */
function imageIn(url: string): string {
  const [, inside] = /[?&]href=([^&]+)/.exec(url) ?? []
  try {
    return inside === undefined ? decodeURI(url) : decodeURIComponent(inside)
  } catch {
    return url
  }
}
