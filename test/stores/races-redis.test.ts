import { redisStore } from '@gemini-image/core'
import { racesOver } from './races.ts'
import { skipWithout } from './servers/daemon.ts'
import { REDIS_PROGRAMS, startRedis } from './servers/redis.ts'

racesOver({
  name: 'Redis',
  kind: 'redis',
  isSkipped: skipWithout(...REDIS_PROGRAMS),
  start: () => startRedis(),
  open: (url) => redisStore({ url }),
})
