import { s3Store } from '@gemini-image/core'
import { startFakeS3 } from '../fake-s3/server.ts'
import { racesOver } from './races.ts'
import { CEPH_KEYS } from './servers/ceph.ts'

racesOver({
  name: 'a strict S3',
  kind: 's3',
  isSkipped: false,
  start: async () => {
    const { url, close } = await startFakeS3({ keys: CEPH_KEYS })
    return { url, stop: close }
  },
  open: (url) => s3Store({ bucket: 'team', endpoint: url, credentials: async () => CEPH_KEYS }),
})
