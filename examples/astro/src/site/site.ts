/** What the whole site says of itself. */
export const SITE = {
  name: 'Slow Ferry',
  tagline: 'notes from a rope ferry on a slow river',
  description: 'Three people, one rope and a slow river: notes from a ferry without an engine.',
} as const
