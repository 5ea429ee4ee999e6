import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { redisStore, s3Store, type LeasableStore } from '@gemini-image/core'
import { openLeases } from '@gemini-image/core/internal'

/**
 * A machine that wants one fingerprint: `node racer.ts <redis|s3> <url> <fingerprint> <role>`. It does
 * what the engine does, in the same order, and says each step on a line of its own.
 *
 * Roles: `pay` takes 300 ms to pay; `stall` takes a minute; `fail` fails.
 */
const [kind, url = '', fingerprint = '', role = ''] = process.argv.slice(2)
const EXPIRY = Number(process.env['EXPIRY'])

function say(word: string): void {
  process.stdout.write(`${word} ${Math.round(performance.timeOrigin + performance.now())}\n`)
}

async function work(store: LeasableStore): Promise<void> {
  const leases = openLeases(store, { expiry: EXPIRY })
  for (let isWaiting = false; ; isWaiting = true) {
    const lease = await leases.acquire(fingerprint)
    if (lease === 'held') {
      if (!isWaiting) say('waiting')
      await sleep(50)
      continue
    }
    if (await store.has(`results/${fingerprint}`)) {
      await lease.release({ succeeded: true })
      return say('found')
    }
    say('paying')
    if (role === 'fail') {
      await lease.release({ succeeded: false })
      return say('failed')
    }
    await sleep(role === 'stall' ? 60_000 : Number(process.env['PAY'] ?? 300))
    say(lease.isLive() ? 'paid' : 'lost')
    await store.put(`results/${fingerprint}`, Buffer.from(String(process.pid)))
    await lease.release({ succeeded: true })
    return
  }
}

const keys = { accessKeyId: process.env['ID'] ?? '', secretAccessKey: process.env['SECRET'] ?? '' }
const store =
  kind === 'redis'
    ? redisStore({ url })
    : s3Store({ bucket: 'team', endpoint: url, credentials: async () => keys })
await work(store)
await store.close?.()
