import { fileURLToPath } from 'node:url'

/** The pages of docs/, as they come with this package: `dist/` is beside them. */
export const DOCS: string = fileURLToPath(new URL('../docs/', import.meta.url))
