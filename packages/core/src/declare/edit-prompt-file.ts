import type { Document } from 'yaml'
import { isMap, isNode, parseDocument, visit } from './yaml.ts'

/** A prompt file in three parts, each with its line ending: the fences stand in the outer two. */
export const FRONTMATTER: RegExp =
  /^(\uFEFF?---[ \t]*(?:\r\n|\r|\n))([\s\S]*?)(?<=^|\r|\n)(---[ \t]*(?:[\r\n][\s\S]*)?)$/

/** A prompt file's text as it could become with one setting written into it, the least change first. */
export function* candidates(text: string, key: string, value: unknown): Generator<string> {
  const newline = /\r\n|\r|\n/.exec(text)?.[0] ?? '\n'
  const plain = String(value)
  const written = /^[A-Za-z][\w.-]*$|^\d+$/.test(plain) ? plain : JSON.stringify(value)
  const line = `${key}: ${written}`
  const [, open, yaml, rest] = FRONTMATTER.exec(text) ?? []
  if (open === undefined || yaml === undefined || rest === undefined) {
    const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
    yield `${mark}---${newline}${line}${newline}---${newline}${newline}${text.slice(mark.length)}`
    return
  }
  const own = new RegExp(`^${key}[ \\t]*:[^\\r\\n]*`, 'gm')
  for (const { index, 0: found } of yaml.matchAll(own)) {
    const edited =
      yaml.slice(0, index) + keepComment(found, line) + yaml.slice(index + found.length)
    yield open + edited + rest
  }
  yield open + yaml + line + newline + rest
  yield open + line + newline + yaml + rest
  const rewritten = rewrite(yaml, key, value)
  if (rewritten !== undefined) yield open + rewritten.replaceAll('\n', newline) + rest
}

/** A new line with what a person has noted behind the old one. */
function keepComment(old: string, line: string): string {
  return line + (/[ \t]+#.*$/.exec(old)?.[0] ?? '')
}

/** Settings as a YAML parser writes them; `undefined` where it cannot. */
function rewrite(yaml: string, key: string, value: unknown): string | undefined {
  const document: Document = parseDocument(yaml.replaceAll(/\r\n?/g, '\n'))
  if (isMap(document.contents)) {
    // As it is written, so that a text stays one: YAML's keys need not be texts.
    const pair = document.contents.items.find((item) => String(item.key) === key)
    if (pair) {
      writeOut(pair.value, document)
      pair.value = document.createNode(value)
    } else document.set(key, value)
  } else document.set(key, value)
  try {
    const written = document.toString({ lineWidth: 0 })
    return written.endsWith('\n') ? written : `${written}\n`
  } catch {
    // What stands there reads well, and yet has no form that could be written.
    return undefined
  }
}

/** Puts what is about to go (`model: &m a`) in the place of the aliases that stand for it (`*m`). */
function writeOut(value: unknown, document: Document): void {
  if (!isNode(value)) return
  const going = new Set<unknown>()
  visit(value, { Node: (_, node) => void going.add(node) })
  visit(document, {
    Alias(_, alias) {
      const source = alias.resolve(document)
      if (!source || !going.has(source)) return undefined
      const copy = source.clone() as typeof source
      delete copy.anchor
      return copy
    },
  })
}
