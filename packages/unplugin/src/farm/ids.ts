/** Matches the ids of our modules as Farm has them, for the filters of hooks. */
export const OUR_MODULE: RegExp = /^virtual:gemini-image:/

const PREFIX = 'virtual:gemini-image:'

/** An id as Farm takes it: one that begins with NUL matches no filter. */
export function toFarm(id: string): string {
  return id.replace('\0gemini-image:', PREFIX)
}

/** The id behind what Farm has. */
export function fromFarm(id: string): string {
  return id.replace(OUR_MODULE, '\0gemini-image:')
}
