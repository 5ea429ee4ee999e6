/**
 * What tells declarations apart: for a prompt file its absolute path; for one that is written in
 * another file, that file's path with `#` and 16 hexadecimal digits of what it says.
 */
export type DeclarationId = string

const INLINE_ID = /#[0-9a-f]{16}$/

/** The id of a declaration that is written in `file`. */
export function inlineId(file: string, digest: string): DeclarationId {
  return `${file}#${digest}`
}

/** The absolute path of the file in which a declaration is written. */
export function fileOfId(id: DeclarationId): string {
  return isInlineId(id) ? id.slice(0, -17) : id
}

/** Whether a declaration is written in another file than a prompt file. */
export function isInlineId(id: DeclarationId): boolean {
  return INLINE_ID.test(id)
}
