import path from 'node:path'
import type { ResolvedImage } from '@gemini-image/core'
import type { DeclarationId } from '@gemini-image/core/internal'

/** What a dev server shows where a picture has not landed. */
export class StandIns {
  /** What was shown of each, and has not landed since. */
  readonly #shown = new Map<DeclarationId, ResolvedImage>()
  /** How many of those who ask wait for the same stand-in. */
  readonly #drawing = new Map<DeclarationId, number>()
  readonly #landings = new Map<DeclarationId, number>()
  /** Renditions, and the picture's file that each was made of. */
  readonly #madeOf = new Map<string, string>()

  /** The picture, or a stand-in whose picture had not landed when it was ready. */
  async imageOf(
    id: DeclarationId,
    preview: (id: DeclarationId) => Promise<ResolvedImage>,
  ): Promise<ResolvedImage> {
    this.#count(id, 1)
    try {
      for (;;) {
        const landings = this.#landings.get(id)
        const image = await preview(id)
        if (image.state === 'pinned') {
          // An edit was taken back. Where the same has landed, those who show the stand-in are still to hear.
          if (this.#shown.get(id)?.fingerprint !== image.fingerprint) this.#shown.delete(id)
          return image
        }
        // Drawing takes a while, in which a picture may land.
        if (this.#landings.get(id) !== landings) continue
        this.show(id, image)
        return image
      }
    } finally {
      this.#count(id, -1)
    }
  }

  /** Takes what is shown for a stand-in. */
  show(id: DeclarationId, image: ResolvedImage): void {
    this.#shown.set(id, image)
  }

  /** A picture has landed. @returns the name of the file that was shown in its place, if there was one. */
  land(id: DeclarationId): string | undefined {
    this.#landings.set(id, (this.#landings.get(id) ?? 0) + 1)
    const shown = this.#shown.get(id)
    this.#shown.delete(id)
    return shown && path.basename(shown.file)
  }

  /** Whose stand-ins are shown, or are being drawn. */
  ids(): ReadonlySet<DeclarationId> {
    return new Set([...this.#shown.keys(), ...this.#drawing.keys()])
  }

  noteRenditions(files: readonly string[], { file }: ResolvedImage): void {
    for (const made of files) this.#madeOf.set(path.basename(made), path.basename(file))
  }

  /** The name of the picture's file that a URL shows, be it by a rendition. */
  fileShownBy(url: string): string {
    const name = path.posix.basename(url.replace(/[?#].*/, ''))
    return this.#madeOf.get(name) ?? name
  }

  #count(id: DeclarationId, by: number): void {
    const count = (this.#drawing.get(id) ?? 0) + by
    if (count > 0) this.#drawing.set(id, count)
    else this.#drawing.delete(id)
  }
}
