/**
 * Every error code, and what is known of it beyond a message. Hosts never load these texts.
 * @module
 */
export { ERROR_AREAS, ERRORS, isErrorCode } from './kernel/errors/codes.ts'
export type { ErrorRow } from './kernel/errors/codes/row.ts'
