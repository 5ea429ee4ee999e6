/** One page of a list, as `pageSize` and `pageToken` ask for it. */
export function page(
  all: readonly object[],
  query: string,
): { items: readonly object[]; next: { nextPageToken?: string } } {
  const parameters = new URLSearchParams(query)
  const size = Math.min(100, Number(parameters.get('pageSize') ?? 10) || 10)
  const start = Number(parameters.get('pageToken') ?? 0) || 0
  const end = start + size
  const next = end < all.length ? { nextPageToken: String(end) } : {}
  return { items: all.slice(start, end), next }
}
