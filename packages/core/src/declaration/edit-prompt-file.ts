import { parseDocument } from 'yaml'
import { parsePromptFile } from './prompt-file.ts'

const FRONTMATTER = /^(\uFEFF?---[ \t]*\r?\n)([\s\S]*?)(^---[ \t]*$)/m

/**
 * A prompt file's text with one setting written into it; all else stays as it is, comments and line
 * endings included, where that is possible.
 * @throws {GeminiImageError} `MALFORMED_YAML`.
 */
export function setSetting(text: string, key: string, value: string | number): string {
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const line = `${key}: ${JSON.stringify(value).replaceAll(/^"([\w.-]+)"$/g, '$1')}`
  const [whole, open, yaml, close] = FRONTMATTER.exec(text) ?? []
  if (whole === undefined || open === undefined || yaml === undefined || close === undefined) {
    return `---${newline}${line}${newline}---${newline}${newline}${text}`
  }
  const rest = text.slice(whole.length)
  const written = new RegExp(`^${key}[ \\t]*:[^\\r\\n]*`, 'm')
  const edited = written.test(yaml) ? yaml.replace(written, () => line) : yaml + line + newline
  const simple = open + edited + close + rest
  if (holds(simple, text, key, value)) return simple
  const document = parseDocument(yaml)
  document.set(key, value)
  return open + document.toString({ lineWidth: 0 }).replaceAll('\n', newline) + close + rest
}

/** Whether a text says what another says, but for one setting. */
function holds(edited: string, original: string, key: string, value: unknown): boolean {
  try {
    const settings = valuesIn(edited)
    const wanted = { ...valuesIn(original), [key]: value }
    const same = (name: string): boolean =>
      JSON.stringify(settings[name]) === JSON.stringify(wanted[name])
    return Object.keys({ ...settings, ...wanted }).every(same)
  } catch {
    return false
  }
}

function valuesIn(text: string): Record<string, unknown> {
  const { settings, prompt } = parsePromptFile(text, '/x.prompt.md', '/')
  return {
    ...Object.fromEntries([...settings].map(([key, { value }]) => [key, value])),
    '': prompt,
  }
}
