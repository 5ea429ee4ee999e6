import type { ErrorCode } from '@gemini-image/core'

/** What differs from run to run, or from machine to machine → what stands in a page. */
const VARYING: readonly (readonly [RegExp, string])[] = [
  [/\b(127\.0\.0\.1|localhost):\d{2,5}\b/g, '$1:8080'],
  [/\bgemini-image-[0-9a-f]{16}\b/g, 'gemini-image-0123456789abcdef'],
  // A function of the test stands for one of a configuration.
  [/\S*\bprovoke\.ts:\d+:\d+/g, '/site/gemini-image.config.ts:5:20'],
  [/\b\d+ of \d+ bytes/g, '4647 of 9294 bytes'],
  // A picture's bytes hold the time of its label.
  [/\b[0-9a-f]{12}(?=[.…])/g, '0123456789ab'],
  [/\d{8}T\d{6}Z/g, '20261130T173120Z'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, '2026-11-30T17:31:20Z'],
]

/** The part of a message that is about one code, without what differs from run to run. */
export function exampleOf(code: ErrorCode, message: string, root: string): string {
  const lines = message.split('\n')
  const first = lines.findIndex((line) =>
    new RegExp(`^\\s*(?:GeminiImageError: )?${code}(?: at .*)?$`).test(line),
  )
  const indent = indentOf(lines[first] ?? '')
  const rest = lines.slice(first + 1)
  const end = rest.findIndex((line) => line !== '' && indentOf(line) <= indent)
  const block = [lines[first] ?? '', ...(end === -1 ? rest : rest.slice(0, end))]
  const text = block
    .map((line) => line.slice(Math.min(indent, indentOf(line))))
    .join('\n')
    .replace(/^GeminiImageError: /, '')
    .replaceAll(root, '/site')
    .replace(/\n +More: npx gemini-image explain .*/, '')
    .trimEnd()
  return VARYING.reduce((told, [varying, shown]) => told.replaceAll(varying, shown), text)
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}
