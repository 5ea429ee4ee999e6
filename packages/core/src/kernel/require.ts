import { createRequire } from 'node:module'

/** Loads a package of CommonJS at once, where it is needed: what most builds do without. */
export const require: NodeJS.Require = createRequire(import.meta.url)
