import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { defineConfig, type UserConfig } from 'tsdown'

/**
 * What is bundled, each in a file of its own. Of zod's 95 files, most are messages in all languages, and fast-glob has
 * 70 with all that it needs: loading them takes longer than many a build.
 */
const BUNDLED = ['zod', 'fast-glob'].map((name) => ({
  name,
  folders: foldersOf(name, import.meta.filename),
}))
const PACKAGES = BUNDLED.flatMap(({ folders }) => [...folders.keys()])

const config: UserConfig = defineConfig({
  entry: ['src/index.ts', 'src/host.ts', 'src/internal.ts', 'src/xmp.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node22.12',
  dts: true,
  fixedExtension: false,
  deps: {
    alwaysBundle: PACKAGES,
    onlyBundle: PACKAGES,
    dts: { alwaysBundle: [], neverBundle: PACKAGES },
  },
  // No type of it is among ours, and an import that nothing needs is left out.
  treeshake: { moduleSideEffects: [{ external: true, sideEffects: false }] },
  outputOptions: {
    codeSplitting: {
      groups: BUNDLED.map(({ name, folders }) => ({
        name,
        test: new RegExp(`[\\\\/]node_modules[\\\\/](?:${[...folders.keys()].join('|')})[\\\\/]`),
      })),
    },
    banner: (chunk) => {
      const { folders } = BUNDLED.find(({ name }) => name === chunk.name) ?? {}
      return folders ? [...folders].map(([name, folder]) => licence(name, folder)).join('\n') : ''
    },
  },
})

/** A package and all that it needs: name → folder. */
function foldersOf(name: string, from: string): ReadonlyMap<string, string> {
  const manifest = createRequire(from).resolve(`${name}/package.json`)
  const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    readonly dependencies?: Readonly<Record<string, string>>
  }
  const needed = Object.keys(dependencies).flatMap((one) => [...foldersOf(one, manifest)])
  return new Map([[name, path.dirname(manifest)], ...needed])
}

/** A package's licence, which goes wherever its code goes. */
function licence(name: string, folder: string): string {
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one))
  if (file === undefined) throw new Error(`${name} has no licence`)
  return `/*! ${name}\n${readFileSync(path.join(folder, file), 'utf8')}*/`
}

export default config
