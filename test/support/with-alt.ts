/**
 * A prompt file's text, or the words of a prompt, with an empty alternative text where there is none. It
 * stands behind all other settings, whose lines stay where they are.
 */
export function withAlt(text: string): string {
  const [, open = '---\n', settings = '', close = `---\n${text}`] =
    /^(---\r?\n)([\s\S]*?)(^---[\s\S]*)$/m.exec(text) ?? []
  return /^alt:/m.test(settings) ? text : `${open}${settings}alt: ''\n${close}`
}
