/** Whether a source can be linked to as it is: `javascript:` and the like are not passed on to a site. */
export function isWebAddress(url: string): boolean {
  return /^https?:\/\//i.test(url)
}
