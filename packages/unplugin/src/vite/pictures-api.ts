import type { Place, ResolvedImage } from '@gemini-image/core'
import type { DeclarationId } from '@gemini-image/core/host'
import type { PictureForm } from '../picture-module.ts'
import type { DeclarationSource, HostProject } from '../project/host-project.ts'
import type { DevPictures } from './dev.ts'
import type { ImageCode } from './image-code.ts'
import { resolveInline, shownPicture } from './resolve.ts'
import type { Session } from './session.ts'
import type { StudioDoor } from './studio.ts'

/** What other plugins may do with this one, by way of `plugin.api`. */
export interface PicturesApi {
  /** Of the configuration that was resolved last. */
  project(): HostProject
  /** Adds a source of declarations. */
  addSource(source: DeclarationSource): void
  /** What a person opens to see the studio of a dev server at this origin and base: an address with a token. */
  studioAt(origin: string): string
  /** Has the studio answer before all other middlewares of the dev server. */
  studioFirst(): void
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
   * The id of the module that is the picture of an inline declaration, as an object or as the picture beside a link.
   * @param importer The module that asks.
   * @throws {GeminiImageError} `UNDECLARED_PICTURE`.
   */
  resolve(id: DeclarationId, importer: string | undefined, form?: PictureForm): Promise<string>
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
  readonly studio: StudioDoor | undefined
}

/** The API of a plugin whose session comes about later. */
export function picturesApi(wiring: Wiring, opened: () => Opened): PicturesApi {
  return {
    project: () => opened().session,
    addSource: (source) => void wiring.sources.push(source),
    onLanded: (listener) => void wiring.listeners.push(listener),
    holdImages: (imageCode) => void (wiring.imageCode = imageCode),
    studioAt: (origin) => studioOf(opened()).addressAt(origin),
    studioFirst: () => opened().studio?.goFirst(),
    shown: (id, page, place) => shownPicture(id, page, place, opened().session),
    refresh: async () => opened().dev?.lookAgain(),
    resolve: (id, importer, form) => resolveInline(id, importer, opened().session, form),
  }
}

function studioOf({ studio }: Opened): StudioDoor {
  if (!studio) throw new TypeError('There is no dev server.')
  return studio
}
