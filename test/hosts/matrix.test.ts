import { describe, expect, test } from 'vitest'
import { CASES } from './cases.ts'
import { HOSTS } from './hosts.ts'

describe.each(HOSTS)('$name', (host) => {
  const cases = CASES.filter(({ needs }) => needs === undefined || host.abilities.has(needs))
  test.each(cases)('$name', async ({ check }) => {
    expect.hasAssertions()
    await check(host)
  })
})
