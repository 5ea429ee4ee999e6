import { parsePromptFile } from '../../src/declare/prompt-file.ts'
import { splitSelection } from '../../src/declare/selection.ts'
import { select } from '../../src/declare/sets.ts'
import { validate } from '../../src/declare/spec.ts'
import { isGeminiImageError } from '../../src/kernel/errors/error.ts'
import { toDeclared, type Declared } from '../../src/plan/declared.ts'

/** A picture of a prompt file. @param written What selects it: `?scene=dark`. */
export function declaredIn(file: string, source: string, written: string = ''): Declared {
  const { selection } = splitSelection(written)
  const declaration = select(parsePromptFile(source, file, '/site'), selection)
  const validated = validate(declaration, { model: 'nano-banana', root: '/site' })
  const { id, name, place } = declaration
  return toDeclared({ id, file: declaration.file, name, place, ...validated }, [])
}

/** `CODE line:column` and the message, of what is wrong with one. */
export function toldOf(file: string, source: string, written?: string): string {
  try {
    declaredIn(file, source, written)
  } catch (error) {
    if (!isGeminiImageError(error)) throw error
    return `${error.code} ${error.place?.line}:${error.place?.column} ${error.message}`
  }
  return 'nothing'
}
