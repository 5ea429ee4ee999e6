import { newFile, type Edit } from './edit.ts'
import type { ProjectFiles } from './project-files.ts'

interface Client {
  readonly file: string
  /** A folder that tells that somebody works with it. */
  readonly folder: string
  /** The property that holds the servers. */
  readonly key: string
  readonly more?: Readonly<Record<string, string>>
}

/** A client, as people name it here. */
export type AgentName = 'claude' | 'cursor' | 'vscode'

/** Clients of coding agents whose configuration lies in the project. */
const CLIENTS: Readonly<Record<AgentName, Client>> = {
  claude: { file: '.mcp.json', folder: '.claude', key: 'mcpServers' },
  cursor: { file: '.cursor/mcp.json', folder: '.cursor', key: 'mcpServers' },
  vscode: { file: '.vscode/mcp.json', folder: '.vscode', key: 'servers', more: { type: 'stdio' } },
}

export const AGENTS: readonly AgentName[] = Object.keys(CLIENTS) as AgentName[]

const WHY = 'coding agents see the pictures, and generate within the budget'

/**
 * What the configurations of coding agents lack: of those that the project has, or that are asked for.
 * What no JSON parser reads is a line for a person.
 */
export async function proposeAgents(
  asked: readonly AgentName[],
  { has, read }: ProjectFiles,
): Promise<readonly (Edit | string)[]> {
  const wanted = AGENTS.filter((name) => {
    const { file, folder } = CLIENTS[name]
    return asked.includes(name) || has(file) || has(folder)
  })
  const found = wanted.map(async (name) => {
    const client = CLIENTS[name]
    return proposeServer(client, await read(client.file))
  })
  return (await Promise.all(found)).filter((one) => one !== undefined)
}

function proposeServer(
  { file, key, more }: Client,
  text: string | undefined,
): Edit | string | undefined {
  const server = { ...more, command: 'npx', args: ['gemini-image', 'mcp'] }
  if (text === undefined) return newFile(file, toText({ [key]: { 'gemini-image': server } }), WHY)
  const config = parse(text)
  const servers = config?.[key] ?? {}
  const added = `"gemini-image": ${JSON.stringify(server)}`
  if (!config || !isObject(servers)) return `add to "${key}" in ${file}: ${added}`
  if ('gemini-image' in servers) return undefined
  const indent = /^[ \t]+/m.exec(text)?.[0]
  const content = `${toText({ ...config, [key]: { ...servers, 'gemini-image': server } }, indent)}\n`
  return { file, isNew: false, why: WHY, added, content }
}

function toText(value: object, indent = '  '): string {
  return JSON.stringify(value, undefined, indent)
}

/** `undefined` where it has comments, or is no object. */
function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
