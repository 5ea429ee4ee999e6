import { openDerivedFiles, type DerivedFolders } from '../kernel/files/derived-files.ts'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import pLimit from 'p-limit'
import { openFiles } from '../kernel/files/files.ts'
import { drawPlaceholder, PLACEHOLDER_VERSION } from '../pixels/placeholder-image.ts'
import { lastTurn } from '../providers/request.ts'
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

/** Opens the cache of stand-ins. */
export function openPlaceholders(folders: DerivedFolders): Placeholders {
  const derived = openDerivedFiles('placeholders', folders)
  const limit = pLimit(availableParallelism())
  const drawing = new Map<string, Promise<string>>()

  const draw = async (declared: Declared, name: string): Promise<string> => {
    const isThere = async (): Promise<boolean> => derived.isSound(name)
    if (!(await isThere())) await derived.prepare()
    if (!(await isThere())) await derived.write(name, await limit(() => paint(declared)))
    return derived.pathOf(name)
  }

  const fileFor = (declared: Declared): Promise<string> => {
    const extension = declared.spec.transparent ? 'png' : 'jpg'
    const name = `${declared.name}.placeholder-${PLACEHOLDER_VERSION}.${declared.fingerprint.slice(0, 12)}.${extension}`
    const started = drawing.get(name) ?? draw(declared, name)
    drawing.set(name, started)
    return started.finally(() => drawing.delete(name))
  }

  const read = async (file: string): Promise<Uint8Array> =>
    (await openFiles(path.dirname(file)).readBytes('cache', file)) ?? new Uint8Array()

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
