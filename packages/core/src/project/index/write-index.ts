import path from 'node:path'
import type { DeclarationId } from '../../declare/declaration.ts'
import { findFolders } from '../../declare/scan.ts'
import { openFiles, type ProjectFiles } from '../../kernel/files/files.ts'
import { storedImages, type LockEntry } from '../../pin/lock-entry.ts'
import { placesOf } from '../../options/places.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import type { Prepared } from '../prepared.ts'
import type { BareImage } from '../../pictures/resolved-image.ts'
import {
  indexFile,
  stampBefore,
  type BuildIndex,
  type IndexedObject,
  type Stamped,
} from './build-index.ts'
import { Checks } from './recheck.ts'

/** What a build that found everything pinned went by. */
export interface Basis {
  /** Milliseconds since 1970: before it looked at any file. */
  readonly began: number
  /** Every file that it read to know what is declared. */
  readonly files: readonly string[]
  /** As in {@link BuildIndex}. */
  readonly inputs: readonly string[]
  /** As in {@link BuildIndex}. */
  readonly importers: readonly string[]
  readonly sheets: Prepared['sheets']
}

/** What it found. */
export interface Finding extends Basis {
  readonly pictures: readonly FoundPicture[]
  /** As in {@link BuildIndex}. */
  readonly placeholders: BuildIndex['placeholders']
}

/** A picture that was found, and what pins it. */
export interface FoundPicture {
  readonly id: DeclarationId
  readonly image: BareImage
  readonly entry: LockEntry
  /** Milliseconds for which it is fresh; `undefined` where it stays so. */
  readonly fresh: number | undefined
}

/** How many ways to build are remembered. */
const MOST = 8

/**
 * Writes down what a build has found, for the next one. What was touched since shortly before the build began may not
 * be what it has read: then nothing is remembered. A failure costs time, not safety: it is ignored.
 */
export async function writeIndex(
  found: Finding,
  key: string,
  options: ResolvedOptions,
): Promise<void> {
  const file = indexFile(options.cacheDir, key)
  const cache = openFiles(options.cacheDir)
  try {
    await cache.write('cache', file, JSON.stringify(await toIndex(found, key, options)))
    await forgetOthers(path.dirname(file), cache)
  } catch {
    // Something is gone, was touched too recently, or cannot be written.
  }
}

/** @throws as {@link stampBefore}. */
async function toIndex(
  { began, files, importers, inputs, sheets, pictures, placeholders }: Finding,
  key: string,
  options: ResolvedOptions,
): Promise<BuildIndex> {
  const { root, configFile, mode, quietPeriod, presets, exclude } = options
  const places = placesOf(root)
  const folders = await findFolders(root, exclude)
  const checks = new Checks({ root, ...places })
  const basis = [...folders, ...new Set([...files, ...inputs]), places.lockfile, places.storeDir]
  // The stamp is taken last: what changes between the two is too recent.
  const stamps: Stamped[] = []
  for (const file of basis) stamps.push(stamped(file, await checks.of(file), began))
  return {
    key,
    until: pictures.map(staleAt).reduce(earlier, null),
    options: { root, configFile, mode, quietPeriod, presets, ...places },
    inputs,
    importers,
    sheets: [...sheets],
    stamps,
    pictures: pictures.map(({ id, image, entry }) => {
      const objects = storedImages(entry).map(({ file, object }): IndexedObject => {
        const name = path.join(places.storeDir, file)
        return { file, object, path: name, stamp: stampBefore(name, began) }
      })
      return [id, { image, objects }]
    }),
    placeholders,
  }
}

/** @throws as {@link stampBefore}. */
function stamped(file: string, check: string | undefined, moment: number): Stamped {
  const stamp = stampBefore(file, moment)
  return check === undefined ? [file, stamp] : [file, stamp, check]
}

/** Milliseconds since 1970; `null` where it stays fresh. */
function staleAt({ entry, fresh }: FoundPicture): number | null {
  return fresh === undefined ? null : Date.parse(entry.created) + fresh
}

function earlier(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other)
}

/** Options change, and so does this program: what nobody builds any more is forgotten. */
async function forgetOthers(folder: string, cache: ProjectFiles): Promise<void> {
  const names = (await cache.list('cache', folder)).map(({ name }) => name)
  const files = names.map((name) => path.join(folder, name))
  if (files.length <= MOST) return
  const dated = files.map((file) => ({
    file,
    written: Number(cache.locate('cache', file)?.stats.mtimeMs ?? 0),
  }))
  const old = dated.toSorted((one, other) => other.written - one.written).slice(MOST)
  await Promise.all(old.map(({ file }) => cache.remove('cache', file)))
}
