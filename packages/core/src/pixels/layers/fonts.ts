import { GeminiImageError } from '../../kernel/errors/error.ts'
import type { DerivedFiles } from '../../kernel/files/derived-files.ts'
import type { Place } from '../../kernel/place.ts'
import { loadSharp } from '../image.ts'
import { readFont, UnreadableFont } from './font.ts'
import { isDrawnWith, type LoadedFont } from './text.ts'

/** The fonts of a project, each loaded when a text first needs it. */
export interface Fonts {
  /**
   * @param file Its path from the root, for messages.
   * @throws {GeminiImageError} `UNREADABLE_FONT`.
   */
  load(bytes: Buffer, sha256: string, file: string, place: Place): Promise<LoadedFont>
}

/**
 * @param derived Where fonts lie under names of their own.
 * @param owner What tells that place from others.
 */
export function openFonts(derived: DerivedFiles, owner: string): Fonts {
  const loaded = new Map<string, Promise<LoadedFont>>()

  const prepare = async (bytes: Buffer): Promise<LoadedFont> => {
    const font = readFont(bytes, owner)
    const name = `${font.family}.ttf`
    if (!(await derived.isSound(name))) {
      await derived.prepare()
      if (!(await derived.isSound(name))) await derived.write(name, font.file)
    }
    const prepared = { ...font, path: derived.pathOf(name) }
    if (!(await isDrawnWith(prepared, await loadSharp()))) {
      throw new UnreadableFont('The text engine of sharp does not take it.')
    }
    return prepared
  }

  return {
    async load(bytes, sha256, file, place) {
      const font = loaded.get(sha256) ?? prepare(bytes)
      loaded.set(sha256, font)
      try {
        return await font
      } catch (error) {
        if (!(error instanceof UnreadableFont)) throw error
        throw new GeminiImageError({
          code: 'UNREADABLE_FONT',
          what: `No text can be set in ${file}.`,
          why: error.message,
          fix: 'name a TrueType, OpenType or WOFF file (.ttf, .otf, .woff). Packages of Fontsource have a .woff beside each .woff2.',
          place,
          cause: error,
        })
      }
    },
  }
}
