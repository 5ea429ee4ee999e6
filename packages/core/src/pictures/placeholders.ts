import { availableParallelism } from 'node:os'
import path from 'node:path'
import pLimit from 'p-limit'
import { openFiles } from '../kernel/files/files.ts'
import { drawPlaceholder, PLACEHOLDER_VERSION } from '../pixels/placeholder-image.ts'
import { lastTurn } from '../providers/request.ts'
import { openDerivedFiles } from '../kernel/files/derived-files.ts'
import type { Declared } from '../plan/declared.ts'

/** The derived cache of stand-ins. */
export interface Placeholders {
  /** The stand-in's absolute path; drawn on first use. */
  fileFor(declared: Declared): Promise<string>
  /** The bytes of one. */
  read(file: string): Promise<Uint8Array>
  /** Remembers on this machine which files are sound. */
  save(): Promise<void>
}

/** Opens the cache of stand-ins below `cacheDir`. */
export function openPlaceholders(cacheDir: string): Placeholders {
  const files = openFiles(cacheDir)
  const dir = path.join(cacheDir, 'placeholders')
  const derived = openDerivedFiles(dir)
  const limit = pLimit(availableParallelism())
  const drawing = new Map<string, Promise<string>>()

  const draw = async (declared: Declared, file: string): Promise<string> => {
    if (await derived.isSound(file)) return file
    const bytes = await limit(() => paint(declared))
    await derived.write(file, bytes)
    return file
  }

  const fileFor = (declared: Declared): Promise<string> => {
    const extension = declared.spec.transparent ? 'png' : 'jpg'
    const name = `${declared.name}.placeholder-${PLACEHOLDER_VERSION}.${declared.fingerprint.slice(0, 12)}.${extension}`
    const file = path.join(dir, name)
    const started = drawing.get(file) ?? draw(declared, file)
    drawing.set(file, started)
    return started.finally(() => drawing.delete(file))
  }

  const read = async (file: string): Promise<Uint8Array> =>
    (await files.readBytes('cache', file)) ?? new Uint8Array()

  return { fileFor, read, save: derived.save }
}

/** A stand-in of exactly the pixel size of the picture. */
function paint({ fingerprint, result, spec }: Declared): Promise<Uint8Array> {
  const { prompt } = result.request
  const { aspectRatio, size } = lastTurn(result.request)
  const { width, height } = result.pixels
  const caption = `${aspectRatio} · ${size} · ${width} × ${height}`
  const isTransparent = spec.transparent !== undefined
  return drawPlaceholder({ fingerprint, prompt, caption, width, height, isTransparent })
}
