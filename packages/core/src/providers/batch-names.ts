// Names that the server gave become part of addresses: nothing but a plain one may.

/** A batch job's name: `batches/abc`. */
export const JOB_NAME: RegExp = /^batches\/[\w-]+$/

/** A file's name: `files/abc`. */
export const FILE_NAME: RegExp = /^files\/[\w-]+$/
