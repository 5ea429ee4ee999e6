import { toObject } from './to-object.ts'

/** What a picture module imports on Vite to make one object of its picture. */
export const OBJECT_SPECIFIER = 'virtual:gemini-image/object'

/** The id of that module. */
export const OBJECT_MODULE_ID = '\0gemini-image:object.js'

/** Its code: one copy serves all pictures of a bundle. */
export const OBJECT_MODULE_CODE: string = `export const toObject = ${toObject}\n`

/** Imports `toObject` from a module. */
export function importObject(specifier: string): string {
  return `import { toObject } from ${JSON.stringify(specifier)}`
}

/** `toObject` itself, for a module that can import nothing of ours. */
export const OBJECT_CODE: string = `const toObject = ${toObject}`
