/** Does harm to what this process does to files in a folder from now on: `ENOSPC@7`, or `EIO+@7` from there on. */
export function arm(what: string, folder: string): void
/** Does none any more. @returns how many operations there were. */
export function disarm(): number
