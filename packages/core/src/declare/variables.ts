/** What stands for a text: `{{name}}`, behind a backslash where the braces are meant. */
export const VARIABLE: RegExp = /(\\?)\{\{\s*([\w.-]+)\s*\}\}/g

/** The names of the variables in a text, each as often as it stands there. */
export function variablesIn(text: string): readonly string[] {
  return Array.from(text.matchAll(VARIABLE), ([, , name = '']) => name)
}
