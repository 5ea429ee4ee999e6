import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Project } from '@gemini-image/core'
import type { StoredImage } from '@gemini-image/core/internal'
import type { FormerFile } from '@gemini-image/studio'

const run = promisify(execFile)

/** How a file begins that Git LFS has put in the place of a picture. */
const LFS = 'version https://git-lfs.github.com/spec/'

/** A picture of another commit: from the store, where it is still there, or from git. */
export function pastPicture(
  image: StoredImage,
  commit: string | undefined,
  { store, options }: Project,
): FormerFile {
  const read = async (): Promise<Uint8Array | string> => {
    if (store.has(image.file)) {
      const bytes = await store.read(image).catch(() => undefined)
      if (bytes) return bytes
    }
    const { root, storeDir } = options
    const file = `./${path.basename(storeDir)}/${image.file}`
    const bytes = commit === undefined ? undefined : await showBytes(root, `${commit}:${file}`)
    if (!bytes) return 'Its file is neither in the store nor in git.'
    if (bytes.subarray(0, LFS.length).toString() === LFS) {
      return 'Git LFS keeps its file elsewhere, and git holds only a pointer to it.'
    }
    if (hash('sha256', bytes) !== image.object) return 'Its file in git is not what was pinned.'
    return bytes
  }
  return { image, read }
}

async function showBytes(root: string, name: string): Promise<Buffer | undefined> {
  const options = { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 } as const
  try {
    return (await run('git', ['-C', root, 'show', '--end-of-options', name], options)).stdout
  } catch {
    return undefined
  }
}
