import { mkdir, readFile, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { run } from './run.ts'

/** The workspace's folder. */
export const WORKSPACE: string = path.resolve(import.meta.dirname, '../..')

type Ranges = Readonly<Record<string, string>>

/** What these tests read of a `package.json`. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly dependencies?: Ranges
  readonly optionalDependencies?: Ranges
  readonly peerDependencies?: Ranges
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** A package as it would be published. */
export interface Packed {
  readonly name: string
  readonly manifest: Manifest
  readonly tarball: string
  /** Every file: its path in the package → its text. */
  readonly files: ReadonlyMap<string, string>
}

/** The pnpm of this workspace: `pnpm@12.0.0`. */
export async function pnpmSpecifier(): Promise<string> {
  const text = await readFile(path.join(WORKSPACE, 'package.json'), 'utf8')
  return (JSON.parse(text) as { readonly packageManager: string }).packageManager
}

/** Packs every package into a folder with pnpm, and reads what is in the tarballs. */
export async function packAll(folder: string, pnpm: string): Promise<Packed[]> {
  const to = path.join(folder, 'tarballs')
  await mkdir(to, { recursive: true })
  const args = ['--filter', './packages/*', 'pack', '--pack-destination', to]
  await run({ program: pnpm, args, cwd: WORKSPACE })
  const names = await readdir(to)
  return Promise.all(names.toSorted().map((name) => unpack(path.join(to, name))))
}

async function unpack(tarball: string): Promise<Packed> {
  const to = path.join(path.dirname(path.dirname(tarball)), path.basename(tarball, '.tgz'))
  await mkdir(to)
  await run({ program: 'tar', args: ['-xzf', tarball, '-C', to], cwd: to })
  const files = await readFiles(path.join(to, 'package'))
  const manifest = JSON.parse(files.get('package.json') ?? '') as Manifest
  return { name: manifest.name, manifest, tarball, files }
}

async function readFiles(root: string): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const name of (await readdir(root, { recursive: true })).toSorted()) {
    const file = path.join(root, name)
    if ((await stat(file)).isDirectory()) continue
    files.set(name.replaceAll(path.sep, '/'), await readFile(file, 'utf8'))
  }
  return files
}

/** The packages' names, sorted, as the workspace has them. */
export async function packageNames(): Promise<string[]> {
  const folders = await readdir(path.join(WORKSPACE, 'packages'))
  const names = folders.map(async (folder) => {
    const text = await readFile(path.join(WORKSPACE, 'packages', folder, 'package.json'), 'utf8')
    return (JSON.parse(text) as Manifest).name
  })
  return (await Promise.all(names)).toSorted()
}

/** Reads the manifest of a package that the workspace has installed; none if it is for other platforms. */
export async function installedManifest({
  name,
  version,
}: {
  readonly name: string
  readonly version?: string
}): Promise<Manifest | undefined> {
  const store = path.join(WORKSPACE, 'node_modules/.pnpm')
  const id = `${name.replace('/', '+')}@${version}`
  // pnpm writes the peers behind the version.
  const folder = (await readdir(store)).find((one) => one === id || one.startsWith(`${id}_`))
  if (folder === undefined) return undefined
  const file = path.join(store, folder, 'node_modules', name, 'package.json')
  return JSON.parse(await readFile(file, 'utf8')) as Manifest
}
