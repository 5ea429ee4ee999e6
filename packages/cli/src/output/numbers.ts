import { InvalidArgumentError } from 'commander'

/** Reads an amount in US dollars: `2`, `0.50`, `$2`. */
export function readDollars(text: string): number {
  const amount = Number(text.replace(/^\$/, ''))
  if (text.trim() === '' || !Number.isFinite(amount) || amount < 0) {
    throw new InvalidArgumentError('Write an amount in US dollars, such as 2.50.')
  }
  return amount
}

/** Reads a whole number from 1. */
export function readCount(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1) {
    throw new InvalidArgumentError('Write a whole number from 1.')
  }
  return count
}
