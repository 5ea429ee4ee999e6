/**
 * Signs that a terminal obeys, and directions that turn a line around: escape sequences begin with one. Tabs and
 * line feeds stay.
 */
const CONTROLS = /(?![\t\n])\p{Cc}|[\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu

/**
 * The first sign of a command of a CI system: `::add-mask::` at the head of a line is one of GitHub's;
 * `##[…]`, `##vso[…]` and `##teamcity[…]` are ones of GitHub's, Azure's and TeamCity's anywhere.
 * @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
const COMMANDS = /(?<=^[^\S\n]*):(?=:)|#(?=#(?:\[|vso\[|teamcity\[))/gim

/**
 * Text that may hold anything, as a terminal or a CI log may show it: what they would obey stands there as
 * `\u001b`, as in JSON, so that JSON keeps its meaning.
 */
export function inert(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(CONTROLS, escaped).replaceAll(COMMANDS, escaped)
}

/** The same in one line. */
export function inertLine(text: string): string {
  return inert(text).replaceAll('\n', escaped)
}

function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
}
