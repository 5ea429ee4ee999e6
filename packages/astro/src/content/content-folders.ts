import { existsSync } from 'node:fs'
import path from 'node:path'

/** Where a site's content comes from. */
export interface ContentFolders {
  /** Absolute path of the site. */
  readonly root: string
  /** Absolute path of its sources. */
  readonly srcDir: string
}

// https://docs.astro.build/en/guides/content-collections/#the-collection-config-file
const NAMES = ['content.config', 'content/config'].flatMap((name) =>
  ['ts', 'mts', 'js', 'mjs'].map((extension) => `${name}.${extension}`),
)

/** The file that configures content; the folder of sources where there is none. */
export function findContentConfig({ srcDir }: ContentFolders): string {
  const files = NAMES.map((name) => path.join(srcDir, name))
  return files.find((file) => existsSync(file)) ?? srcDir
}
