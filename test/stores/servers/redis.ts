import { connect } from 'node:net'
import { freePort } from '../../support/free-port.ts'
import { openDaemons, untilUp, type Server } from './daemon.ts'

/** What the Redis tests need. */
export const REDIS_PROGRAMS = ['redis-server'] as const

/** Starts a Redis server that keeps nothing on disk. */
export async function startRedis(password?: string): Promise<Server> {
  const daemons = await openDaemons('redis')
  const port = await freePort()
  const quiet = ['--save', '', '--appendonly', 'no', '--bind', '127.0.0.1']
  const secret = password === undefined ? [] : ['--requirepass', password]
  daemons.start('redis-server', ['--port', String(port), ...quiet, ...secret])
  await untilUp(() => canConnect(port))
  const user = password === undefined ? '' : `:${encodeURIComponent(password)}@`
  return { url: `redis://${user}127.0.0.1:${port}`, stop: daemons.stop }
}

function canConnect(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve()
    })
    socket.on('error', reject)
  })
}
