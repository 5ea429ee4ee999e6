import { expect, test } from 'vitest'
import { CallFailure } from '../src/providers/call-failure.ts'
import { RateLimiter } from '../src/providers/rate-limiter.ts'
import { withRetries } from '../src/providers/retry.ts'

test('a server that asks for more time than there is does not keep what it made for so long', async () => {
  const unavailable = new CallFailure(
    { code: 'BAD_ANSWER', what: 'Unavailable.', fix: 'run again.' },
    { retry: true, wait: 1e9, possiblyPaid: true },
  )
  const asked: string[] = []
  const made = withRetries(
    {
      once: () => {
        asked.push('call')
        return Promise.reject(unavailable)
      },
      recover: () => {
        asked.push('look')
        return Promise.resolve('what it made')
      },
    },
    new AbortController().signal,
    { timeout: 30_000, attempts: 3, retryDelay: 1, totalTimeout: 30_000 },
    new RateLimiter('Google'),
  )
  await expect(made).resolves.toBe('what it made')
  expect(asked).toEqual(['call', 'look'])
})
