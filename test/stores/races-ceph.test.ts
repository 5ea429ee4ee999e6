import { s3Store } from '@gemini-image/core'
import { racesOver } from './races.ts'
import { CEPH_KEYS, CEPH_PROGRAMS, startCeph } from './servers/ceph.ts'
import { skipWithout } from './servers/daemon.ts'

racesOver({
  name: 'Ceph',
  kind: 's3',
  isSkipped: skipWithout(...CEPH_PROGRAMS),
  start: startCeph,
  open: (url) => s3Store({ bucket: 'team', endpoint: url, credentials: async () => CEPH_KEYS }),
})
