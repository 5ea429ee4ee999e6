import { describe, test } from 'vitest'
import { HOSTS } from './hosts.ts'
import { WATCH_CASES } from './watch-cases.ts'

describe.each(HOSTS)('$name', (host) => {
  // oxlint-disable-next-line vitest/expect-expect -- each case expects
  test.each(WATCH_CASES)('$name', ({ run }) => run(host))
})
