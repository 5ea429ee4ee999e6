import { describe, expect, test } from 'vitest'
import { HOSTS } from './hosts.ts'
import { WATCH_CASES } from './watch-cases.ts'

const hosts = HOSTS.filter(({ abilities }) => abilities.has('watch'))

describe.for(hosts)('$name, watching', (host) => {
  test.each(WATCH_CASES)('$name', async ({ check }) => {
    expect.hasAssertions()
    await check(host)
  })
})
