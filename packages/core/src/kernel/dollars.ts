/** Six decimals: a millionth of a dollar is below one token of any model. */
export function roundDollars(amount: number): number {
  return Math.round(amount * 1e6) / 1e6
}

/** `$0.0336`, `$1.20`: cents at least, more digits below a dollar. */
export function formatDollars(amount: number): string {
  return `$${amount >= 1 || amount === 0 ? amount.toFixed(2) : amount.toFixed(4)}`
}
