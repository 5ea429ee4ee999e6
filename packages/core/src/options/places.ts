import path from 'node:path'

/** Where a project keeps what is ours. Absolute paths. */
export interface ProjectPlaces {
  readonly storeDir: string
  readonly lockfile: string
  /** What was paid, a line a call. */
  readonly ledger: string
  /** What reviewers have decided, a line a decision. */
  readonly review: string
  /** What can be made again: placeholders, renditions, the project lock. Never committed. */
  readonly cacheDir: string
}

export function placesOf(root: string): ProjectPlaces {
  return {
    storeDir: path.join(root, '.gemini-image'),
    lockfile: path.join(root, 'gemini-image.lock'),
    ledger: path.join(root, 'gemini-image.ledger'),
    review: path.join(root, 'gemini-image.review'),
    cacheDir: path.join(root, 'node_modules', '.cache', 'gemini-image'),
  }
}

/** What is made from pictures, each in a folder of the cache folder. */
export const DERIVED = { placeholders: 'placeholders', renditions: 'renditions' } as const

/** Fonts of layers under names of their own, a folder of the cache folder. */
export const FONTS = 'fonts'

/** The folders of what is made from pictures and shown in their place. */
export function derivedFolders({ cacheDir }: Pick<ProjectPlaces, 'cacheDir'>): readonly string[] {
  return Object.values(DERIVED).map((name) => path.join(cacheDir, name))
}

/** The folders whose files a page shows. */
export function shownFolders(places: ProjectPlaces): readonly string[] {
  return [places.storeDir, ...derivedFolders(places)]
}

/** Where this machine remembers which objects it has held against their SHA-256. */
export function verifiedFile(cacheDir: string): string {
  return path.join(cacheDir, 'verified.json')
}

/**
 * Globs that leave out what a host writes: what is built declares nothing. None for a folder that the project lies
 * in: its source would be left out as well.
 * @param output A file or folder, absolute.
 */
export function globsOfOutput(root: string, output: string): readonly string[] {
  const fromRoot = path.relative(root, output).replaceAll(path.sep, '/')
  const isAround = ['', '..'].includes(fromRoot) || fromRoot.startsWith('../')
  return isAround ? [] : [fromRoot, `${fromRoot}/**`]
}
