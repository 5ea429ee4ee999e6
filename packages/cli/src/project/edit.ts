import type { Host } from './host.ts'
import type { Adding } from './hosts.ts'

/** A file as it is to be. */
export interface Edit {
  /** From the root. */
  readonly file: string
  readonly isNew: boolean
  /** What it is good for. */
  readonly why: string
  /** The lines that are new. */
  readonly added: string
  /** The whole file. */
  readonly content: string
}

export function newFile(file: string, added: string, why: string): Edit {
  return { file, isNew: true, why, added, content: `${added}\n` }
}

/** Files that Node reads as modules, without a warning. */
export function extensionOf({ usesTypes, usesModules }: Host): string {
  return (usesModules ? '' : 'm') + (usesTypes ? 'ts' : 'js')
}

/** The package that a host's users install. */
export function packageOf({ adding }: Pick<Host, 'adding'>): string {
  if (!adding) return 'gemini-image'
  const { from } = originOf(adding)
  return from.split('/', 1)[0] ?? from
}

/** What a configuration imports. */
export function originOf(adding: Adding): { readonly from: string } {
  if (adding.kind === 'code') return adding
  return adding.kind === 'list' ? adding.plugin : adding.wrapper
}
