/** What the file system says of a file: bytes and moments. A type of our own, since theirs needs Node.js's types. */
export interface FileStats {
  readonly dev: bigint
  readonly ino: bigint
  readonly size: bigint
  readonly mtimeMs: bigint
  readonly mtimeNs: bigint
  readonly ctimeNs: bigint
}

/**
 * A file that changed this recently, in nanoseconds, may change again without its time changing:
 * file systems count time in steps of up to two seconds (FAT).
 */
const TOO_RECENT = 2_000_000_000n

/**
 * Whether a file changed too shortly before a moment, or after it, for anything to be remembered of it.
 * @param moment Milliseconds since 1970.
 */
export function isTooRecent({ ctimeNs }: FileStats, moment: number): boolean {
  return BigInt(moment) * 1_000_000n - ctimeNs < TOO_RECENT
}

/**
 * What the file system says of a file's or a folder's content. Any write changes the ctime, and no program can set a
 * ctime. What was restored, copied or checked out has another inode or ctime, and so is looked at again.
 */
export function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: FileStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
}
