import { mkdtemp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** A site in a folder of its own, from which packages of this workspace resolve. */
export interface Site {
  readonly root: string
  path(...segments: string[]): string
  read(file: string): Promise<string>
  bytes(file: string): Promise<Buffer>
  write(file: string, content: string | Uint8Array): Promise<void>
  /** Writes a file as an editor saves it: whole, by a rename. A watcher sees one change. */
  save(file: string, content: string | Uint8Array): Promise<void>
  remove(file: string): Promise<void>
  /** Names in a folder, sorted; empty where there is none. With `recursive`, paths from it. */
  list(dir: string, recursive?: boolean): Promise<string[]>
}

const SITES = path.resolve(import.meta.dirname, '../.sites')

/** Makes a site that is deleted when the test ends. */
export async function createSite(files: Readonly<Record<string, string>>): Promise<Site> {
  await mkdir(SITES, { recursive: true })
  const root = await mkdtemp(path.join(SITES, 'site-'))
  onTestFinished(() => rm(root, { recursive: true, force: true, maxRetries: 5 }))
  const site = openSite(root)
  await site.write('package.json', '{ "name": "site", "private": true, "type": "module" }\n')
  for (const [file, content] of Object.entries(files)) await site.write(file, content)
  return site
}

/** A site in a folder that is there already. */
export function openSite(root: string): Site {
  const at = (...segments: string[]): string => path.join(root, ...segments)
  const write = async (file: string, content: string | Uint8Array): Promise<void> => {
    await mkdir(path.dirname(at(file)), { recursive: true })
    await writeFile(at(file), content)
  }
  return {
    root,
    path: at,
    read: (file) => readFile(at(file), 'utf8'),
    bytes: (file) => readFile(at(file)),
    write,
    save: async (file, content) => {
      await write(`${file}.tmp`, content)
      await rename(at(`${file}.tmp`), at(file))
    },
    remove: (file) => rm(at(file), { recursive: true, force: true }),
    list: async (dir, recursive = false) => {
      const names = await readdir(at(dir), { recursive }).catch(() => [])
      return names.toSorted()
    },
  }
}

/** A prompt file's text. */
export function promptFile(
  prompt: string,
  settings: Readonly<Record<string, string>> = {},
): string {
  const lines = Object.entries({ alt: 'A picture', ...settings })
  return `---\n${lines.map(([key, value]) => `${key}: ${value}\n`).join('')}---\n\n${prompt}\n`
}

/** A page that shows the pictures of prompt files, each through an import. */
export function pageOf(names: readonly string[]): Record<string, string> {
  const imports = names.map((name, i) => `import p${i} from './${name}.prompt.md?gemini-image'\n`)
  const list = names.map((_, i) => `p${i}`).join(', ')
  return {
    'index.html': '<!doctype html><script type="module" src="/src/main.js"></script>\n',
    'src/main.js': `${imports.join('')}document.body.dataset.pictures = [${list}].join()\n`,
  }
}
