import path from 'node:path'
import glob from 'fast-glob'
import { UNSEARCHED_GLOBS } from '../declare/source-files.ts'
import { isBelow, readManifest, workspaceOf } from '../kernel/files/folders.ts'
import { readFixedFile } from '../kernel/files/fixed-file.ts'

/** What a package manager takes for packages of a workspace, and the folder that says so. */
interface Workspace {
  readonly folder: string
  /** Globs of folders, some with `!` before them. */
  readonly packages: readonly string[]
}

/** Bytes; no list that a person wrote has as many. */
const MOST = 1_000_000

/**
 * Absolute paths of the folders in which other projects of the workspace lie: of packages that it names, and its own. In
 * a repository that names none, each folder with one of these files is one.
 * @param files What a project has, by name.
 */
export async function findProjectFolders(
  root: string,
  files: readonly string[],
): Promise<readonly string[]> {
  const top = workspaceOf(root)
  const named = await findWorkspace(root, top)
  const folders = named?.packages.filter((one) => !one.startsWith('!')).map(asFolder) ?? ['**']
  const left = named?.packages
    .filter((one) => one.startsWith('!'))
    .map((one) => asFolder(one.slice(1)))
  const names = `@(${files.join('|')})`
  const found = await glob([names, ...folders.map((folder) => `${folder}/${names}`)], {
    cwd: named?.folder ?? top,
    ignore: [...UNSEARCHED_GLOBS, ...(left ?? []).map((folder) => `${folder}/**`)],
    absolute: true,
    suppressErrors: true,
    followSymbolicLinks: false,
  })
  const others = new Set(found.map((file) => path.dirname(path.normalize(file))))
  others.delete(root)
  return [...others].toSorted()
}

/** The nearest folder from the project's upwards that names packages. */
async function findWorkspace(root: string, top: string): Promise<Workspace | undefined> {
  for (let folder = root; ; folder = path.dirname(folder)) {
    const packages = await packagesIn(folder)
    if (packages) return { folder, packages }
    if (folder === top || !isBelow(top, folder)) return undefined
  }
}

async function packagesIn(folder: string): Promise<readonly string[] | undefined> {
  const text = readFixedFile(path.join(folder, 'pnpm-workspace.yaml'), MOST)
  // Its other settings may stand there alone.
  if (text?.includes('packages')) {
    const { parseDocument } = await import('../declare/yaml.ts')
    const listed = textsIn((parseDocument(text).toJS() as { packages?: unknown } | null)?.packages)
    if (listed) return listed
  }
  const workspaces = readManifest(folder)?.['workspaces']
  return textsIn(workspaces) ?? textsIn((Object(workspaces) as { packages?: unknown }).packages)
}

function textsIn(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined
  return value.filter((one) => typeof one === 'string')
}

/** A glob without a dot and a slash before it, nor one behind. */
function asFolder(named: string): string {
  return named.replace(/^\.?\//, '').replace(/\/+$/, '')
}
