/** The longest text that GitHub takes for a comment; a job summary may be longer. In bytes. */
export const LONGEST_COMMENT = 65_536

/** What Markdown may go by: signs, addresses without a scheme, and commands of GitLab's. */
const ACTIVE = /[!-+:-@[-`{-~]|(?<=www)\.|^\//gim

/**
 * Text that may hold anything, as a page or a quoted attribute of one shows it: no Markdown, no HTML, no links.
 * Directions and other invisible signs are left out.
 */
export function asHtml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/(?!\n)[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, ' ')
    .replaceAll(ACTIVE, (sign) => `&#${sign.charCodeAt(0)};`)
}

/**
 * Text in a line of a page. Code hosts look for people and issues in what was rendered, so that an
 * escaped sign still notifies: an invisible one behind it keeps them from it.
 */
export function asProse(text: string): string {
  const line = text.replaceAll(/[@#]/g, '$&\u200B').replaceAll(/[!$%~&]/g, '$&\u200B')
  return asHtml(line)
    .replaceAll(/\s*\n\s*/g, ' ')
    .trim()
}

/** Code in a line. In code, nobody is notified. */
export function asCode(text: string): string {
  return `<code>${asHtml(text).replaceAll(/\s*\n\s*/g, ' ')}</code>`
}

/** Lines as they are. */
export function asLines(text: string): string {
  return `<pre>${asHtml(text)}</pre>`
}

/** How many bytes a text takes. */
export function bytesOf(text: string): number {
  return Buffer.byteLength(text)
}
