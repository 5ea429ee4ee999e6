/**
 * Where one picture was asked for, the last one is it: what comes before is a draft. Text is kept.
 */
export function onlyLastPicture<Part>(
  parts: readonly Part[],
  isPicture: (part: Part) => boolean,
): readonly Part[] {
  const last = parts.findLastIndex(isPicture)
  return parts.filter((part, index) => index === last || !isPicture(part))
}
