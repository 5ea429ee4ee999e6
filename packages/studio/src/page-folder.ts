import { fileURLToPath } from 'node:url'

/** The compiled page, beside this file's own bundle. */
export const PAGE: string = fileURLToPath(new URL('page/', import.meta.url))
