import { readFileSync } from 'node:fs'
import { parseSync } from 'rolldown/utils'

/** What the comment above a property says. */
export interface Documented {
  readonly text: string
  /** What `@default` says, as written. */
  readonly default: string | undefined
  /** The types that its own type names. */
  readonly types: readonly string[]
}

/** Types by their names, each with its properties. */
export type Types = ReadonlyMap<string, ReadonlyMap<string, Documented>>

/** A node of a syntax tree, as far as it is looked at. */
interface Node {
  readonly type: string
  readonly start: number
  readonly [key: string]: unknown
}

/** Reads the properties of all interfaces and object types of source files, with what their TSDoc says. */
export function readTypes(files: readonly string[]): Types {
  const types = new Map<string, ReadonlyMap<string, Documented>>()
  for (const file of files) readFile(file, types)
  return types
}

function readFile(file: string, types: Map<string, ReadonlyMap<string, Documented>>): void {
  const text = readFileSync(file, 'utf8')
  const { program, comments } = parseSync(file, text)
  const above = (start: number): string | undefined => {
    const last = comments.findLast(({ end }) => end <= start)
    const isNext = last && text.slice(last.end, start).trim() === ''
    return isNext && last.value.startsWith('*') ? last.value : undefined
  }
  for (const statement of program.body as unknown as readonly Node[]) {
    const declared = (statement['declaration'] as Node | null | undefined) ?? statement
    const name = (declared['id'] as { readonly name?: string } | undefined)?.name
    if (name === undefined) continue
    const members = membersOf(declared)
    const properties = members.flatMap((member) => {
      const key = member['key'] as { name?: string; value?: string } | undefined
      const property = key?.name ?? key?.value
      if (member.type !== 'TSPropertySignature' || property === undefined) return []
      return [[property, document(above(member.start), namesIn(member))] as const]
    })
    types.set(name, new Map([...inherited(declared, types), ...properties]))
  }
}

function membersOf(declared: Node): readonly Node[] {
  if (declared.type === 'TSInterfaceDeclaration') {
    return (declared['body'] as { readonly body: readonly Node[] }).body
  }
  if (declared.type !== 'TSTypeAliasDeclaration') return []
  return literalsIn(declared['typeAnnotation']).flatMap((one) => one['members'] as readonly Node[])
}

/** What an interface extends, and what an alias is put together from, where that was read before. */
function inherited(declared: Node, types: Types): (readonly [string, Documented])[] {
  return namesIn(declared).flatMap((name) => [...(types.get(name) ?? [])])
}

function literalsIn(node: unknown): readonly Node[] {
  if (!isNode(node)) return []
  if (node.type === 'TSTypeLiteral') return [node]
  return Object.values(node).flat().flatMap(literalsIn)
}

/** The names of types in a type; of an interface, of those that it extends. */
function namesIn(node: unknown): readonly string[] {
  if (!isNode(node)) return []
  if (node.type === 'TSInterfaceBody' || node.type === 'TSTypeLiteral') return []
  const name =
    node.type === 'Identifier' ? [(node as unknown as { readonly name: string }).name] : []
  return [...name, ...Object.values(node).flat().flatMap(namesIn)]
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value
}

function document(comment: string | undefined, types: readonly string[]): Documented {
  const lines = (comment ?? '').slice(1).replaceAll(/^[ \t]*\* ?/gm, '')
  const [text = '', ...tags] = lines.split(/(?:^|\s)@(?=default\b|see\b|deprecated\b|example\b)/)
  const said = tags.find((tag) => tag.startsWith('default'))?.slice('default'.length)
  return { text: oneLine(text), default: said === undefined ? undefined : oneLine(said), types }
}

function oneLine(text: string): string {
  return text
    .replaceAll(/\{@link (?:\w+\.)?([^}]+)\}/g, '`$1`')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
