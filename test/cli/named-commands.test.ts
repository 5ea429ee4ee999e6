import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createProgram } from 'gemini-image'
import { parseSync, Visitor } from 'rolldown/utils'
import { expect, test } from 'vitest'

type Command = ReturnType<typeof createProgram>

const ROOT = path.resolve(import.meta.dirname, '../..')

/** A command that a message or a page names. */
interface Named {
  /** `packages/core/src/alt/alts.ts: npx gemini-image alt` */
  readonly where: string
  /** What a person types behind `gemini-image`. */
  readonly words: readonly string[]
}

/** The texts of a source file; values that are filled in are words of their own. */
function textsOf(file: string): string[] {
  const texts: string[] = []
  const { program } = parseSync(file, readFileSync(file, 'utf8'))
  new Visitor({
    Literal: ({ value }) => void (typeof value === 'string' && texts.push(value)),
    TemplateLiteral: ({ quasis }) =>
      void texts.push(quasis.map(({ value }) => value.cooked).join('VALUE')),
  }).visit(program)
  return texts
}

/** What stands for a value in a page or a message: `<number>`, `${{ matrix.shard }}`, `$REF`. */
const PLACEHOLDER = /VALUE|<[a-z]+>|\$\{\{.*?\}\}/g

function wordsOf(line: string): string[] {
  const words = line.replaceAll(PLACEHOLDER, '1').match(/"[^"]*"|\S+/g) ?? []
  return words.map((word) => word.replaceAll('"', ''))
}

function namedInTexts(file: string): Named[] {
  return textsOf(file).flatMap((text) =>
    // The command ends where the sentence goes on.
    Array.from(
      text.matchAll(/npx gemini-image ([^"`;\n]*?)(?=$|["`;\n]|\.(?:\s|$)|, )/g),
      ([all, words = '']) => ({
        where: `${path.relative(ROOT, file)}: ${all}`,
        words: wordsOf(words),
      }),
    ),
  )
}

function namedInPage(file: string): Named[] {
  const text = readFileSync(file, 'utf8')
  const spans = Array.from(
    text.matchAll(/`((?:npx )?gemini-image [^`\n]+)`/g),
    ([, span = '']) => span,
  )
  // What a command prints holds messages, which are looked at where they are written.
  const blocks = Array.from(
    text.matchAll(/^```([^\n`]*)\n(.*?)^```/gms),
    ([, language, block = '']) => (language === 'text' ? '' : block),
  )
  const lines = [...spans, ...blocks.flatMap((block) => block.split('\n'))]
  return lines.flatMap((line) => {
    const [, words] = /(?:^|npx |exec |run: )gemini-image ([a-z].*)$/.exec(line.trim()) ?? []
    if (words === undefined) return []
    const [typed = ''] = words.split(/\s+(?:#|>>|\|)/)
    const usage = typed.replaceAll(/\s*\[[^\]]*\]/g, '')
    return { where: `${path.relative(ROOT, file)}: ${line.trim()}`, words: wordsOf(usage) }
  })
}

/** The program, with commands that do nothing. */
function idleProgram(): Command {
  const program = createProgram()
  const idle = (command: Command): void => {
    command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
    if (command.parent) command.action(() => undefined)
    command.commands.forEach(idle)
  }
  idle(program)
  return program
}

const filesOf = (patterns: readonly string[]): string[] =>
  globSync(patterns, { cwd: ROOT })
    .map((file) => path.join(ROOT, file))
    .toSorted()

const SOURCES = filesOf(['packages/*/src/**/*.ts'])
const PAGES = filesOf(['docs/*.md', '*.md', 'packages/*/README.md', 'examples/*/README.md'])

const named = [...SOURCES.flatMap(namedInTexts), ...PAGES.flatMap(namedInPage)]

test.for(named)('$where', async ({ words }) => {
  await expect(idleProgram().parseAsync(words, { from: 'user' })).resolves.toBeDefined()
})

test('messages and pages name commands at all', () => {
  expect(named.filter(({ where }) => where.startsWith('packages/')).length).toBeGreaterThan(25)
  expect(named.filter(({ where }) => where.startsWith('docs/')).length).toBeGreaterThan(40)
})

test.for([['generat'], ['generate', '--redraw'], ['pick'], ['batch', 'collect', '--now']])(
  'a mistake in one is found: %s',
  async (words) => {
    await expect(idleProgram().parseAsync(words, { from: 'user' })).rejects.toThrow(
      /unknown|missing/,
    )
  },
)

/** `init` looks for it in workflows. */
const isSearched = (text: string): boolean => text === 'gemini-image plan'

test('messages name commands as they are typed, with npx', () => {
  const names = createProgram().commands.map((command) => command.name())
  const bare = new RegExp(`(?<!npx )(?<!VALUE )gemini-image (?:${names.join('|')})\\b`)
  const faults = SOURCES.flatMap((file) =>
    textsOf(file).flatMap((text) =>
      bare.test(text) && !isSearched(text) ? `${path.relative(ROOT, file)}: ${text}` : [],
    ),
  )
  expect(faults).toEqual([])
})
