import { CONFIG_FILES } from '@gemini-image/core'
import type { Host } from './host.ts'
import { reportWorkflow } from './workflow.ts'

/** A file as it is to be. */
export interface Edit {
  /** From the root. */
  readonly file: string
  readonly isNew: boolean
  /** What it is good for. */
  readonly why: string
  /** The lines that are new. */
  readonly added: string
  /** The whole file. */
  readonly content: string
}

/** Reads a file of the project, from its root; `undefined` where there is none. */
export type ReadFile = (file: string) => Promise<string | undefined>

/** What a project lacks. A project that has all of it gets an empty list. */
export async function proposeEdits(host: Host, read: ReadFile): Promise<readonly Edit[]> {
  const edits = await Promise.all([
    proposeConfig(host, read),
    proposePlugin(host, read),
    proposeTypes(host, read),
    proposeLine(
      '.gitattributes',
      'gemini-image.lock merge=union',
      'two branches that add pictures merge by themselves',
      read,
    ),
    proposeLine('.gitignore', '.env.local', 'the API key stays out of version control', read),
    proposeWorkflow(host, read),
  ])
  return edits.filter((edit) => edit !== undefined)
}

async function proposeConfig(host: Host, read: ReadFile): Promise<Edit | undefined> {
  const existing = await Promise.all(CONFIG_FILES.map(read))
  if (existing.some((text) => text !== undefined)) return undefined
  const from =
    host.name === 'vite' || host.name === 'astro' ? 'unplugin-gemini-image' : 'gemini-image'
  const added = [
    `import { defineConfig } from '${from}/config'`,
    '',
    'export default defineConfig({',
    '  // The most that one run may spend, in US dollars.',
    '  budget: 1,',
    '})',
  ].join('\n')
  const file = host.usesTypes ? 'gemini-image.config.ts' : 'gemini-image.config.js'
  return newFile(file, added, 'options for the command and the plugin alike')
}

/** Only a list of plugins that is written out is changed; anything else is a person's to change. */
async function proposePlugin(host: Host, read: ReadFile): Promise<Edit | undefined> {
  if (host.name !== 'vite') return undefined
  const why = 'prompt files become pictures'
  const line = "import geminiImage from 'unplugin-gemini-image/vite'"
  if (host.configFile === undefined) {
    const added = `${line}\n\nexport default { plugins: [geminiImage()] }`
    return newFile(host.usesTypes ? 'vite.config.ts' : 'vite.config.js', added, why)
  }
  const text = await read(host.configFile)
  if (text === undefined || text.includes('unplugin-gemini-image')) return undefined
  if (!/\bplugins:\s*\[/.test(text)) return undefined
  const content = `${line}\n${text.replace(/\bplugins:\s*\[/, (list) => `${list}geminiImage(), `)}`
  return {
    file: host.configFile,
    isNew: false,
    why,
    added: `${line}\nplugins: [geminiImage(), …]`,
    content,
  }
}

async function proposeTypes(host: Host, read: ReadFile): Promise<Edit | undefined> {
  if (!host.usesTypes || host.name !== 'vite') return undefined
  const line = '/// <reference types="unplugin-gemini-image/client" />'
  return proposeLine(
    'src/vite-env.d.ts',
    line,
    'TypeScript knows what a picture import gives',
    read,
  )
}

async function proposeWorkflow(host: Host, read: ReadFile): Promise<Edit | undefined> {
  const file = '.github/workflows/gemini-image.yml'
  if (!host.usesGitHub || (await read(file)) !== undefined) return undefined
  return newFile(
    file,
    reportWorkflow(host.packageManager).trimEnd(),
    'each pull request shows its pictures and their price',
  )
}

async function proposeLine(
  file: string,
  line: string,
  why: string,
  read: ReadFile,
): Promise<Edit | undefined> {
  const text = await read(file)
  if (text === undefined) return newFile(file, line, why)
  if (text.split(/\r?\n/).some((one) => one.trim() === line)) return undefined
  const content = `${text.replace(/\n?$/, '\n')}${line}\n`
  return { file, isNew: false, why, added: line, content }
}

function newFile(file: string, added: string, why: string): Edit {
  return { file, isNew: true, why, added, content: `${added}\n` }
}
