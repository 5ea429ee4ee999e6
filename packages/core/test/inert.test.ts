import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GeminiImageError } from '../src/kernel/errors/error.ts'
import { inert, inertLine } from '../src/kernel/errors/inert.ts'

test.for([
  ['a colour', '\u001B[31mred', String.raw`\u001b[31mred`],
  ['a title', '\u001B]0;x\u0007', String.raw`\u001b]0;x\u0007`],
  ['a control of eight bits', '\u009B31m', String.raw`\u009b31m`],
  ['a line that is written over', 'fine\rbad', String.raw`fine\u000dbad`],
  ['a word that is turned around', 'a\u202Egnp.exe', String.raw`a\u202egnp.exe`],
  ['a command of GitHub’s', '::add-mask::a', String.raw`\u003a:add-mask::a`],
  ['one in another line, indented', 'a\n \t::error::b', `a\n \t\\u003a:error::b`],
  ['an old command of GitHub’s', 'a ##[group]b', String.raw`a \u0023#[group]b`],
  ['a command of Azure’s', '##VSO[task.complete]', String.raw`\u0023#VSO[task.complete]`],
  ['a command of TeamCity’s', '##teamcity[message]', String.raw`\u0023#teamcity[message]`],
] as const)('%s does nothing', ([, text, shown]) => {
  expect(inert(text)).toBe(shown)
})

test.for([
  'Grüße, 東京 🦊 👩‍👩‍👧 नमस्ते שלום',
  'a\n\n\tb\n',
  'src/page.ts:3:1, a::b and Foo::bar()',
  '## A heading',
])('%s is shown as it is', (text) => {
  expect(inert(text)).toBe(text)
})

const nasty = fc.array(
  fc.oneof(
    fc.constantFrom(
      '\u001B[2J',
      '\u0007',
      '\u009B',
      '\r',
      '\n',
      '\r\n',
      ':',
      '::',
      ' ',
      '#',
      '##[',
      '##vso[',
      'a',
      '"',
      '\\',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  ),
)

test('whatever a text holds, nothing of it is obeyed, and JSON says the same', () => {
  fc.assert(
    fc.property(nasty, (parts) => {
      const text = parts.join('')
      for (const shown of [inert(text), inertLine(text)]) {
        expect(shown).not.toMatch(
          /(?![\t\n])\p{Cc}|[\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/u,
        )
        expect(shown).not.toMatch(/^\s*::|##\[|##vso\[/im)
        expect(stripVTControlCharacters(shown)).toBe(shown)
        expect(inert(shown)).toBe(shown)
      }
      expect(inertLine(text)).not.toContain('\n')
      expect(JSON.parse(inert(JSON.stringify({ text })))).toEqual({ text })
    }),
  )
})

test('every part of an error is shown so, and a file that hosts would print as it is is not named to them', () => {
  const place = { file: '/a/\u001B[31m\n::b', path: '\u001B[31m\n::b', line: 1, column: 1 }
  const bad = '\u001B[31m\n::error::x'
  const error = new GeminiImageError({ code: 'BLOCKED', what: bad, why: bad, fix: bad, place })
  for (const text of [error.message, error.stack ?? '', error.what, error.why ?? '', error.fix]) {
    expect(text).not.toContain('\u001B')
    expect(text).not.toMatch(/^\s*::/m)
  }
  expect(error.message.split('\n')[0]).toBe(String.raw`BLOCKED at \u001b[31m\u000a\u003a:b:1:1`)
  expect([error.id, error.loc]).toEqual([undefined, undefined])
})
