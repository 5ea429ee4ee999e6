import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** How long files must be left alone before a build remembers what it found in them, in milliseconds. */
const REST = 2100

/** Waits as long as nobody edits anything between two builds. */
export async function rest(): Promise<void> {
  await setTimeout(REST)
}

/** A site of `count` imports of prompt files: `src/ours.js`. */
export async function writeSite(root: string, count: number): Promise<void> {
  await mkdir(path.join(root, 'src'), { recursive: true })
  await writeFile(path.join(root, 'package.json'), '{ "type": "module" }\n')
  const specifiers: string[] = []
  for (let i = 0; i < count; i += 1) {
    const text = `---\naspectRatio: 16:9\nalt: Picture ${i}\n---\n\nA benchmark picture, number ${i}\n`
    await writeFile(path.join(root, `src/p${i}.prompt.md`), text)
    specifiers.push(`./p${i}.prompt.md?gemini-image`)
  }
  await writeFile(path.join(root, 'src/ours.js'), importing(specifiers))
}

/** The same site with plain imports of the files that ours has stored: `src/plain.js`. */
export async function writePlain(root: string): Promise<void> {
  const files = (await readdir(path.join(root, '.gemini-image'))).toSorted()
  const specifiers = files.map((file) => `../.gemini-image/${file}`)
  await writeFile(path.join(root, 'src/plain.js'), importing(specifiers))
}

function importing(specifiers: readonly string[]): string {
  const imports = specifiers.map((specifier, i) => `import p${i} from '${specifier}'`)
  const names = specifiers.map((_, i) => `p${i}`).join(', ')
  return `${imports.join('\n')}\nconsole.log([${names}])\n`
}
