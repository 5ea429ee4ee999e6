import { expect, test } from 'vitest'
import { openOnce } from '../src/project/open-once.ts'

test('what is opened is opened once; what fails is tried again, by those who ask later', async () => {
  let tries = 0
  const opened = openOnce(async () => {
    tries += 1
    if (tries === 1) throw new Error('a mistake')
    return tries
  })
  const both = await Promise.allSettled([opened(), opened()])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(tries).toBe(1)
  expect(await Promise.all([opened(), opened()])).toEqual([2, 2])
  expect(await opened()).toBe(2)
})
