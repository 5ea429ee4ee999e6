/** What stands for a text: `{{name}}`, behind a backslash where the braces are meant. */
export const VARIABLE: RegExp = /(\\?)\{\{\s*([\w.-]+)\s*\}\}/g
