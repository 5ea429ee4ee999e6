/** Stands in the data of a request that is passed on to other plugins, so that it is passed on once. */
export const PASSED_ON: unique symbol = Symbol('gemini-image')
