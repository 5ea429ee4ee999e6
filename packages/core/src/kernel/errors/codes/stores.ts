/** Shared stores of a team. */
export const stores = {
  STORE_UNAVAILABLE: {
    meaning: 'A shared store could not be reached, or answered with an error.',
    more: 'A build never pays because a store is away. `GEMINI_IMAGE_STORE=off` does without it for one run.',
    page: 'stores.md#a-shared-store',
  },
  STORE_REFUSED: {
    meaning: 'A shared store refused a request: its credentials, rights or name are not right.',
    page: 'stores.md#s3-and-what-speaks-like-it',
  },
  STORE_UNCONDITIONAL: {
    meaning: 'A shared store has no conditional writes, which leases need.',
    page: 'stores.md#s3-and-what-speaks-like-it',
  },
  MISSING_PACKAGE: {
    meaning: 'A package that a shared store needs is not installed.',
    page: 'stores.md#redis',
  },
} as const
