import { startFauxqs } from 'fauxqs'
import S3rver from '@20minutes/s3rver'
import { openDaemons, type Server } from './daemon.ts'

/** Starts fauxqs, which asks for no signature and ignores conditions; it has a bucket `team`. */
export async function startLaxS3(): Promise<Server> {
  const server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false })
  server.createBucket('team')
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop() }
}

/** The keys that s3rver knows. */
export const S3RVER_KEYS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' } as const

/** Starts s3rver, which checks signatures; it has a bucket `team`. */
export async function startS3rver(): Promise<Server> {
  const { dir, stop } = await openDaemons('s3rver')
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: dir,
    configureBuckets: [{ name: 'team', configs: [] }],
  })
  const { port } = await server.run()
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      await server.close()
      await stop()
    },
  }
}
