import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { AwsClient } from 'aws4fetch'
import { freePort } from '../../support/free-port.ts'
import { openDaemons, untilUp, type Daemons, type Server } from './daemon.ts'

/** What the tests with Ceph's S3 gateway need. */
export const CEPH_PROGRAMS = ['ceph', 'ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin'] as const

/** The keys that the gateway knows. */
export const CEPH_KEYS = { accessKeyId: 'tester', secretAccessKey: 'tester/secret+1' } as const

/**
 * Starts a Ceph of one monitor, one storage daemon that keeps everything in memory, and the S3
 * gateway, all on loopback, with an empty bucket `team`. It takes about a second.
 */
export async function startCeph(): Promise<Server> {
  const daemons = await openDaemons('ceph')
  const [monPort, port] = [await freePort(), await freePort()]
  try {
    await startCluster(daemons, monPort, port)
    const url = `http://127.0.0.1:${port}`
    await untilUp(() => fetch(url))
    const client = new AwsClient({ ...CEPH_KEYS, service: 's3', region: 'us-east-1' })
    const { status } = await client.fetch(`${url}/team`, { method: 'PUT' })
    if (status !== 200) throw new Error(`The bucket could not be made: ${status}`)
    return { url, stop: daemons.stop }
  } catch (error) {
    await daemons.stop()
    throw error
  }
}

async function startCluster(daemons: Daemons, monPort: number, port: number): Promise<void> {
  const { dir, run, start } = daemons
  const [cluster, osd] = [randomUUID(), randomUUID()]
  const conf = path.join(dir, 'ceph.conf')
  await mkdir(path.join(dir, 'osd'))
  await mkdir(path.join(dir, 'rgw'))
  await writeFile(conf, configuration(dir, cluster, monPort, port))
  makeKeys(run)
  const mons = ['--addv', 'a', `[v2:127.0.0.1:${monPort}/0]`, 'monmap']
  run('monmaptool', ['--create', '--fsid', cluster, ...mons])
  run('ceph-mon', ['-c', conf, '--mkfs', '-i', 'a', '--monmap', 'monmap', '--keyring', 'keyring'])
  start('ceph-mon', ['-c', conf, '-f', '-i', 'a'])
  run('ceph', ['-c', conf, '--connect-timeout', '20', 'osd', 'new', osd])
  run('ceph-osd', ['-c', conf, '-i', '0', '--mkfs', '--osd-uuid', osd])
  start('ceph-osd', ['-c', conf, '-f', '-i', '0'])
  const { accessKeyId, secretAccessKey } = CEPH_KEYS
  const user = ['--uid', 'tester', '--display-name', 'tester']
  const keys = ['--access-key', accessKeyId, '--secret', secretAccessKey]
  run('radosgw-admin', ['-c', conf, 'user', 'create', ...user, ...keys])
  start('radosgw', ['-c', conf, '-f', '-n', 'client.admin'])
}

/** All keys at once, before the monitor begins: it takes them over. */
function makeKeys(run: Daemons['run']): void {
  run('ceph-authtool', [
    '--create-keyring',
    'keyring',
    '-n',
    'mon.',
    '--gen-key',
    '--cap',
    'mon',
    'allow *',
  ])
  for (const name of ['client.admin', 'osd.0']) {
    const mon = name === 'osd.0' ? 'allow profile osd' : 'allow *'
    const caps = ['--cap', 'mon', mon, '--cap', 'osd', 'allow *', '--cap', 'mgr', 'allow *']
    run('ceph-authtool', ['keyring', '-n', name, '--gen-key', ...caps])
  }
}

function configuration(dir: string, cluster: string, monPort: number, port: number): string {
  return `[global]
fsid = ${cluster}
mon host = [v2:127.0.0.1:${monPort}/0]
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
run dir = ${dir}
log file = ${dir}/$name.log
keyring = ${dir}/keyring
mon data = ${dir}/mon
osd data = ${dir}/osd
rgw data = ${dir}/rgw
admin socket =
pid file =
# Without these, each of the gateway's pools takes seconds to be made.
paxos propose interval = 0.05
paxos min wait = 0.01
mon osd min up ratio = 0
# One copy, in memory, in one piece.
osd objectstore = memstore
memstore device bytes = 1073741824
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon data avail warn = 1
mon data avail crit = 1
rgw frontends = beast endpoint=127.0.0.1:${port}
rgw enable gc threads = false
rgw enable lc threads = false
rgw enable quota threads = false
rgw run sync thread = false
rgw lc max objs = 1
rgw gc max objs = 1
rgw data log num shards = 1
rgw md log max shards = 1
`
}
