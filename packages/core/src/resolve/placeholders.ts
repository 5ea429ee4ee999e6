import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import pLimit from 'p-limit'
import { placeholderProvider } from '../providers/placeholder.ts'
import { PLACEHOLDER_VERSION } from '../render/placeholder-image.ts'
import { writeWhole } from '../store/write.ts'
import type { Declared } from './declared.ts'

/** The derived cache of stand-ins. */
export interface Placeholders {
  /** The stand-in's absolute path; drawn on first use. */
  fileFor(declared: Declared): Promise<string>
}

/** Opens the cache of stand-ins below `cacheDir`. */
export function openPlaceholders(cacheDir: string): Placeholders {
  const provider = placeholderProvider()
  const limit = pLimit(availableParallelism())
  const drawing = new Map<string, Promise<string>>()

  const draw = async (declared: Declared, file: string): Promise<string> => {
    if (existsSync(file)) return file
    const context = { signal: new AbortController().signal, countPossiblyPaid: () => undefined }
    const { bytes } = await limit(() => provider.generate(declared, context))
    await writeWhole(file, bytes)
    return file
  }

  const fileFor = (declared: Declared): Promise<string> => {
    const name = `${declared.name}.placeholder-${PLACEHOLDER_VERSION}.${declared.fingerprint.slice(0, 12)}.jpg`
    const file = path.join(cacheDir, 'placeholders', name)
    const started = drawing.get(file) ?? draw(declared, file)
    drawing.set(file, started)
    return started.finally(() => drawing.delete(file))
  }

  return { fileFor }
}
