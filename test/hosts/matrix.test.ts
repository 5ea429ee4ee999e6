import { describe, expect, test } from 'vitest'
import { CASES } from './cases.ts'
import { HOSTS } from './hosts.ts'
import { RENDITION_CASES } from './rendition-cases.ts'

describe.for(HOSTS.filter(({ isAbsent }) => isAbsent !== true))('$name', (host) => {
  const cases = [...CASES, ...RENDITION_CASES].filter(
    ({ needs }) => needs === undefined || host.abilities.has(needs),
  )
  test.each(cases)('$name', async ({ check }) => {
    expect.hasAssertions()
    await check(host)
  })
})
