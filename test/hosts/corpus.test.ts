import { expect, test } from 'vitest'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { createSite, promptFile } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import type { Ability, Host } from './host.ts'
import { HOSTS } from './hosts.ts'

/** A module, or a part of one, that may ask for the prompt file of its own, `%`. */
interface Row {
  readonly name: string
  readonly code: string
  /** Whether a bundler follows it. */
  readonly asks: boolean
  readonly needs?: Ability
  /** @default js */
  readonly kind?: 'cjs' | 'css' | 'ts'
  /** Who follows it, where not all do. */
  readonly by?: (host: Host) => boolean
}

const follows = (name: string, code: string, more: Partial<Row> = {}): Row => ({
  name,
  code,
  asks: true,
  ...more,
})
const passes = (name: string, code: string, more: Partial<Row> = {}): Row => ({
  ...follows(name, code, more),
  asks: false,
})

/** Bundlers that take CommonJS without a plugin. */
const isCommon = ({ name }: Host): boolean => /webpack|Rspack|Rsbuild|esbuild|Bun/.test(name)

/** Bundlers that take TypeScript, all of it, without a plugin. */
const TYPES: Partial<Row> = { kind: 'ts', by: ({ name }) => /Vite|Rolldown|esbuild|Bun/.test(name) }

const ROWS: readonly Row[] = [
  follows('a default import', `import a from '%'\nshow(a)`),
  follows('names beside it', `import a, { alt as b } from "%"\nshow([a, b])`),
  follows('a namespace', `import * as a from '%'\nshow(a.default)`),
  follows('on one line', `import './empty.js';import a from'%';show(a)`),
  follows('over lines', `import {\n  default as a, // the picture\n} from\n  '%'\nshow(a)`),
  follows('below other code', `const b = 1\nimport a from '%'\nshow([a, b])`),
  follows(
    'behind a directive and a comment',
    `'use strict' // one\n/* two */ import a from '%'\nshow(a)`,
  ),
  follows('passed on', `export { default as a, alt as b } from '%'`),
  follows('all of it passed on', `export * from '%'`),
  follows('at run time', `import('%').then(show)`),
  follows('at run time, with a comment', `import(/* webpackChunkName: "a" */ '%').then(show)`),
  follows('at run time, within a text', 'show(`${import("%").then(show)}`)'),
  follows(
    'beside what looks like a comment',
    `const b = 'http://x' // "\nimport a from '%'\nshow([a, b])`,
  ),
  follows('behind a regular expression', `const b = /[/*"']/\nimport a from '%'\nshow([a, b])`),
  follows('in TypeScript', `import a from '%'\nconst b = <string>a\nshow(b as unknown)`, TYPES),
  follows('what is called type', `import type from '%'\nshow(type)`),
  follows('by require', `show(require('%'))`, {
    kind: 'cjs',
    by: isCommon,
  }),
  follows('by URL', `show(new URL('%', import.meta.url).href)`, { needs: 'new-url' }),
  follows('in a stylesheet', `.a { background: url(%) }`, { kind: 'css', needs: 'css' }),
  follows('in a set of a stylesheet', `.a { background: image-set('%' 1x) }`, {
    kind: 'css',
    needs: 'css',
    // The others leave it as it is, which is an error where it would be shipped.
    by: ({ name }) => /^(?:Vite|webpack)/.test(name),
  }),
  passes('a comment', `// import a from '%'`),
  passes('a comment of lines', `/*\nimport a from '%'\nshow(new URL('%', import.meta.url))\n*/`),
  passes('a text', `show("import a from '%'")`),
  passes('a template', 'show(`import a from "%"`)'),
  passes('a path in a text', `show('%')`),
  passes('a comment within an import', `import /* '%' */ a from './empty.js'\nshow(a)`),
  passes('a comment of a stylesheet', `/* .a { background: url(%) } */ .b { color: red }`, {
    kind: 'css',
    needs: 'css',
  }),
  passes('a type', `import type a from '%'\nexport type B = typeof a`, TYPES),
  passes('a type below other code', `show(1)\nimport type { src } from '%'`, TYPES),
  passes('a type that is passed on', `show(1)\nexport type { src } from '%'`, TYPES),
]

test.for(HOSTS.filter(({ isAbsent }) => isAbsent !== true))(
  '$name asks for what was paid for, and for nothing else',
  async (host) => {
    const rows = ROWS.filter(
      ({ needs, by }) => (!needs || host.abilities.has(needs)) && (!by || by(host)),
    )
    const files: Record<string, string> = { 'src/empty.js': 'export default 1' }
    const imports = rows.map(({ code, kind = 'js' }, index) => {
      files[`src/p${index}.prompt.md`] = promptFile(`Row ${index}`)
      files[`src/m${index}.${kind}`] = code.replaceAll('%', `./p${index}.prompt.md?gemini-image`)
      return kind === 'css'
        ? `import './m${index}.css'`
        : `import * as m${index} from './m${index}.${kind}'\nshow(m${index})`
    })
    const show = 'globalThis.show ??= () => undefined'
    files['src/main.js'] = `import './show.js'\n${imports.join('\n')}\nglobalThis.shown = {}`
    files['src/show.js'] = show
    const [gemini, site] = await Promise.all([startGemini(), createSite(files)])
    expect(await host.build(site, { env: keyed(gemini) })).toMatchObject({ errors: [] })
    const paid = new Set(askedPrompts(gemini))
    const asked = rows.map(({ name }, index) => [paid.has(`Row ${index}`), name])
    expect(asked).toEqual(rows.map(({ asks, name }) => [asks, name]))
    // What was paid for is what was shipped.
    const shipped = (await site.list('dist', true)).filter((file) => file.endsWith('.jpg'))
    const pictures = await Promise.all(shipped.map((file) => site.bytes(`dist/${file}`)))
    expect(new Set(pictures.map((bytes) => bytes.toString('base64'))).size).toBe(paid.size)
  },
)
