import { isBuiltin } from 'node:module'
import { parseSync, Visitor } from 'rolldown/utils'

/** What a file asks for. */
export interface Asked {
  /** Specifiers of imports, of code and of types. */
  readonly specifiers: ReadonlySet<string>
  /** All texts: a package may be loaded by a name in a variable. */
  readonly texts: ReadonlySet<string>
}

const CODE = /\.(js|ts|astro)$/

/** Reads what a shipped file imports; nothing where it is no code. */
export function readImports(name: string, text: string): Asked {
  const asked = { specifiers: new Set<string>(), texts: new Set<string>() }
  if (!CODE.test(name)) return asked
  for (const source of name.endsWith('.astro') ? scriptsOf(text) : [text]) {
    readSource(name.replace(/\.astro$/, '.ts'), source, asked)
  }
  return asked
}

/** The TypeScript of an Astro component: what stands between its fences, and its scripts. */
function scriptsOf(text: string): string[] {
  const [, frontmatter = '', markup = ''] = /^---\n(.*?)\n---\n(.*)$/s.exec(text) ?? []
  const scripts = markup.matchAll(/<script\b[^>]*>(.*?)<\/script>/gs)
  return [frontmatter, ...Array.from(scripts, ([, script = '']) => script)]
}

interface Found {
  readonly specifiers: Set<string>
  readonly texts: Set<string>
}

/** A node that may be a text. */
interface Source {
  readonly type: string
  readonly value?: unknown
}

function readSource(name: string, text: string, { specifiers, texts }: Found): void {
  const { program, comments, errors } = parseSync(name, text)
  const [error] = errors
  if (error) throw new Error(`${name}: ${error.message}`)
  const ask = (source: Source | null): void => {
    if (typeof source?.value === 'string') specifiers.add(source.value)
  }
  new Visitor({
    ImportDeclaration: ({ source }) => ask(source),
    ExportNamedDeclaration: ({ source }) => ask(source),
    ExportAllDeclaration: ({ source }) => ask(source),
    ImportExpression: ({ source }) => ask(source),
    CallExpression: ({ callee, arguments: [first] }) => {
      // Bundlers number names that stand in several files.
      const isRequire =
        callee.type === 'Identifier'
          ? /^require(?:\$\d+)?$/.test(callee.name)
          : callee.type === 'CallExpression' &&
            callee.callee.type === 'Identifier' &&
            callee.callee.name === 'createRequire'
      if (isRequire && first) ask(first)
    },
    TSImportType: ({ source }) => ask(source),
    TSExternalModuleReference: ({ expression }) => ask(expression),
    Literal: ({ value }) => void (typeof value === 'string' && texts.add(value)),
  }).visit(program)
  for (const { value } of comments) {
    const [, types] = /^\/\s*<reference\s+types="([^"]+)"/.exec(value) ?? []
    if (types !== undefined) specifiers.add(types)
  }
}

/** The package that a specifier names; nothing for files, Node's own, and what a bundler answers. */
export function packageOf(specifier: string): string | undefined {
  if (isBuiltin(specifier) || specifier.includes(':')) return undefined
  return /^(@[\w.-]+\/)?\w[\w.-]*/.exec(specifier)?.[0]
}
