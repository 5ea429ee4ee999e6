import path from 'node:path'
import process from 'node:process'
import type { Site } from '../support/site.ts'
import { WORKSPACE, type Manifest } from './packages.ts'
import { attempt } from './run.ts'

const COMPILER = path.join(WORKSPACE, 'node_modules/typescript/bin/tsc')
const OPTIONS =
  '--noEmit --strict --target esnext --module preserve --skipLibCheck false --pretty false'

/** What TypeScript says of an installed package: of its own files, and of a module that imports them. */
export async function typeErrors(site: Site, { name, exports }: Manifest): Promise<string[]> {
  const file = `./${name.replaceAll(/\W/g, '-')}.ts`
  await site.write(file, moduleOf(name, Object.keys(exports)))
  const { stdout, failure } = await attempt({
    program: process.execPath,
    args: [COMPILER, ...OPTIONS.split(' '), '--types', '', file],
    cwd: site.root,
  })
  const lines = stdout.split('\n').filter((line) => /error TS\d+/.test(line))
  if (failure && lines.length === 0) throw failure
  // What other packages get wrong is theirs.
  return lines.filter((line) => line.includes('gemini-image') || line.startsWith('error'))
}

/** A module that imports every entry, and knows what a picture is where there are types of pictures. */
function moduleOf(name: string, entries: readonly string[]): string {
  // Astro compiles components, not TypeScript; Next.js, whose types its entry needs, weighs 340 MB.
  const code = entries.filter((entry) => !/\.json$|client|components|next/.test(entry))
  const imports = code.map((entry, i) => `import * as e${i} from '${path.posix.join(name, entry)}'`)
  const list = `export default [${code.map((_, i) => `e${i}`).join(', ')}]`
  if (!entries.includes('./client')) return [...imports, list].join('\n')
  const picture = `import picture from './hero.prompt.md?gemini-image&as=object'
    export const alt: string = picture.alt
    // @ts-expect-error a picture has no such property
    export const none = picture.none`
  return [`/// <reference types="${name}/client" />`, ...imports, list, picture].join('\n')
}
