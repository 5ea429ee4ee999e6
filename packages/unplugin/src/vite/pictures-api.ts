import type { Place, ResolvedImage } from '@gemini-image/core'
import type { Generated } from '@gemini-image/core/internal'
import type { DeclarationId } from '@gemini-image/core/host'
import type { DeclarationSource, HostProject } from '../project/host-project.ts'
import type { DevPictures } from './dev.ts'
import type { ImageCode } from './image-code.ts'
import { resolveInline, shownPicture } from './resolve.ts'
import type { Session } from './session.ts'

/** What other plugins may do with this one, by way of `plugin.api`. */
export interface PicturesApi {
  /** Of the configuration that was resolved last. */
  project(): HostProject
  /** Adds a source of declarations. */
  addSource(source: DeclarationSource): void
  /**
   * Draws a picture anew in a dev server, and pays for it, because a person wants it.
   * @throws {GeminiImageError} `UNDECLARED_PICTURE`, or as {@link HostProject.generate}.
   */
  redraw(id: DeclarationId): Promise<Generated>
  /**
   * The picture of a prompt file that a page shows without importing it. The page follows when it changes.
   * @param id The prompt file.
   * @throws {GeminiImageError} `UNDECLARED_PICTURE`, at the place; what is wrong with the picture.
   */
  shown(id: DeclarationId, page: string, place: Place | undefined): Promise<ResolvedImage>
  /** Tells a dev server that what is declared may have changed. */
  refresh(): Promise<void>
  /** Calls `listener` whenever a picture has landed in a dev server, before pages are told. */
  onLanded(listener: () => void): void
  /**
   * Has picture modules hold what the host makes of a picture, where they would import it: a bundler
   * then sees one module for each picture, not two.
   */
  holdImages(imageCode: ImageCode): void
  /**
   * The id of the module that is the picture of an inline declaration, as an object.
   * @param importer The module that asks.
   * @throws {GeminiImageError} `UNDECLARED_PICTURE`.
   */
  resolve(id: DeclarationId, importer: string | undefined): Promise<string>
}

/** What other plugins have handed over. */
export interface Wiring {
  readonly sources: DeclarationSource[]
  readonly listeners: (() => void)[]
  imageCode: ImageCode | undefined
}

/** What there is once Vite's configuration is resolved. */
export interface Opened {
  readonly session: Session
  readonly dev: DevPictures | undefined
}

/** The API of a plugin whose session comes about later. */
export function picturesApi(wiring: Wiring, opened: () => Opened): PicturesApi {
  return {
    project: () => opened().session,
    addSource: (source) => void wiring.sources.push(source),
    onLanded: (listener) => void wiring.listeners.push(listener),
    holdImages: (imageCode) => void (wiring.imageCode = imageCode),
    redraw: (id) => devOf(opened()).redraw(id),
    shown: (id, page, place) => shownPicture(id, page, place, opened().session),
    refresh: async () => opened().dev?.lookAgain(),
    resolve: (id, importer) => resolveInline(id, importer, opened().session),
  }
}

function devOf({ dev }: Opened): DevPictures {
  if (!dev) throw new TypeError('There is no dev server.')
  return dev
}
