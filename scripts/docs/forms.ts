import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { FORMS, type BuiltInForm } from '@gemini-image/core/internal'
import { table } from './markdown.ts'

const TYPES = '../packages/unplugin/client-renditions.d.ts'
const BEGIN = '// Generated from the registry of forms by "pnpm docs": do not edit below.'

/** The pages that hold what the registry of forms says, as files besides docs/ are named from there. */
export async function formPages(): Promise<Readonly<Record<string, string>>> {
  const [types, page] = await Promise.all([read(TYPES), read('renditions.md')])
  const before = types.slice(0, types.indexOf(BEGIN))
  return { [TYPES]: `${before}${clientTypes()}`, 'renditions.md': withTables(page) }
}

function read(name: string): Promise<string> {
  return readFile(path.resolve(import.meta.dirname, '../../docs', name), 'utf8')
}

/** TypeScript knows one wildcard in a name, so each form has two: with the settings before it, and without any. */
function clientTypes(): string {
  const modules = Object.entries(FORMS).map(([form, row]) => {
    const whole = `*?gemini-image&as=${form}`
    return `declare module '${whole}' {
${members(row)}
}

declare module '*as=${form}&gemini-image' {
  export { default } from '${whole}'
  export * from '${whole}'
}

declare module '*as=${form}&by=language' {
${membersByLanguage(row)}
}
`
  })
  return `${BEGIN}\n\n${modules.join('\n').trimEnd()}`
}

function typeOf({ told: { type } }: BuiltInForm): string {
  return type === 'string' ? type : `import('./dist/rendered-picture.js').${type}`
}

function membersByLanguage(row: BuiltInForm): string {
  const lines = [
    `/** ${row.told.what.replace(/\.$/, '')}; one for each language. */`,
    // As the formatter has it.
    ...(row.told.type === 'string'
      ? [`const ${row.told.name}: import('./dist/languages.js').ByLanguage<string>`]
      : [
          `const ${row.told.name}: import('./dist/languages.js').ByLanguage<`,
          `  ${typeOf(row)}`,
          '>',
        ]),
    `export default ${row.told.name}`,
    "export * from '*?gemini-image&by=language&facts'",
  ]
  return lines.map((line) => `  ${line}`).join('\n')
}

function members(row: BuiltInForm): string {
  const {
    takes,
    told: { what, name },
  } = row
  const lines = [
    `/** ${what} */`,
    `const ${name}: ${typeOf(row)}`,
    `export default ${name}`,
    ...(takes.includes('formats')
      ? [
          '/** The format for browsers that know none before it. */',
          "export const format: 'avif' | 'jpeg' | 'png' | 'webp'",
        ]
      : []),
    "export * from '*?gemini-image&facts'",
  ]
  return lines.map((line) => `  ${line}`).join('\n')
}

/** A page with its two tables of forms written anew: those of open size, and those of a size of their own. */
function withTables(page: string): string {
  const all = Object.entries(FORMS)
  const open = all.filter(([, { takes }]) => takes.includes('formats'))
  const fixed = all.filter((one) => !open.includes(one))
  const tables = [
    table(
      ['`as=`', 'the default export', 'formats by default'],
      open.map(([form, { told }]) => [`\`${form}\``, told.gives, told.files]),
    ),
    table(
      ['`as=`', 'the file', 'the default export'],
      fixed.map(([form, { told }]) => [`\`${form}\``, told.files, told.gives]),
    ),
  ]
  return page.trimEnd().replaceAll(/^\| `as=`.*(?:\n\|.*)*/gm, () => tables.shift() ?? '')
}
