import { execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { sha256 } from '../src/kernel/hash.ts'
import { lifeOf, markOfThisProcess, type ProcessMark } from '../src/kernel/process-mark.ts'
import { withProjectLock, type ProjectLockOptions } from '../src/pin/project-lock.ts'
import { tempDir } from './support/temp-dir.ts'

// Processes take long to start where many do.
vi.setConfig({ testTimeout: 30_000 })

const SOURCE = path.resolve(import.meta.dirname, '../src/pin/project-lock.ts')

function waiting(cacheDir: string, more: Partial<ProjectLockOptions> = {}): ProjectLockOptions {
  return { cacheDir, patience: 20_000, onWait: () => undefined, ...more }
}

/** Runs a program under the lock in a process of its own, and gives how that ended. */
async function run(cacheDir: string, program: string): Promise<NodeJS.Signals | number | null> {
  const script = `
    import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs'
    import { setTimeout as sleep } from 'node:timers/promises'
    import { withProjectLock } from ${JSON.stringify(SOURCE)}
    const cacheDir = ${JSON.stringify(cacheDir)}
    const options = { cacheDir, patience: 30_000, onWait: () => undefined }
    ${program}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals | number | null>()
  child.on('exit', (code, signal) => resolve(signal ?? code))
  return promise
}

const KILL_ITSELF = "process.kill(process.pid, 'SIGKILL'); await sleep(1000)"

/** What a lock says whose holder was killed. */
async function deadLock(): Promise<string> {
  const dir = await tempDir()
  await run(dir, `await withProjectLock(options, async () => { ${KILL_ITSELF} })`)
  return readFile(path.join(dir, 'project.lock'), 'utf8')
}

describe.skipIf(process.platform !== 'linux')('a process', () => {
  test('is alive, or dead when another has its number', () => {
    const mine = markOfThisProcess()
    expect(lifeOf(mine)).toBe('alive')
    expect(lifeOf({ ...mine, started: '1' })).toBe('dead')
    expect(lifeOf({ ...mine, started: undefined })).toBe('unsure')
    expect(lifeOf({ ...mine, host: 'another machine' })).toBe('elsewhere')
  })

  test('is dead when it has been killed, also while nobody has taken note of it', async () => {
    const mark = JSON.parse(await deadLock()) as ProcessMark
    expect(lifeOf(mark)).toBe('dead')
    // A shell that never waits for its child.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'])
    onTestFinished(() => void parent.kill('SIGKILL'))
    const [pid] = await new Promise<string[]>((resolve) => {
      parent.stdout.once('data', (text: Buffer) => resolve(String(text).split('\n')))
    })
    const zombie = { ...mark, pid: Number(pid), started: startOf(await statOf(Number(pid))) }
    expect(lifeOf(zombie)).toBe('alive')
    process.kill(Number(pid), 'SIGKILL')
    await vi.waitUntil(async () => (await statOf(Number(pid))).includes(') Z '))
    expect(lifeOf(zombie)).toBe('dead')
  })
})

async function statOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/stat`, 'utf8')
}

function startOf(stat: string): string | undefined {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
}

test('of many who see a dead lock at one moment, one takes it over, whoever is killed meanwhile', async () => {
  const dir = await tempDir()
  const dead = await deadLock()
  const start = Date.now() + 1500
  const program = `
    for (let round = 0; round < 40; round += 1) {
      while (Date.now() < ${start} + round * 50);
      try { writeFileSync(cacheDir + '/project.lock', ${JSON.stringify(dead)}, { flag: 'wx' }) } catch {}
      await withProjectLock(options, async () => {
        // Fails where two are inside.
        closeSync(openSync(cacheDir + '/inside', 'wx'))
        await sleep(2)
        rmSync(cacheDir + '/inside')
        if (Math.random() < 0.01) { ${KILL_ITSELF} }
      })
    }`
  const ended = await Promise.all(Array.from({ length: 4 }, () => run(dir, program)))
  expect(ended.filter((how) => how !== 0 && how !== 'SIGKILL')).toEqual([])
  await withProjectLock(waiting(dir), async () => undefined)
  expect(await readdir(dir)).toEqual([])
})

test('neither a clock that went back is an obstacle, nor who was killed amid taking it over', async () => {
  const dir = await tempDir()
  const dead = await deadLock()
  const right = `project.lock.${sha256(Buffer.from(dead)).slice(0, 12)}`
  await writeFile(path.join(dir, 'project.lock'), dead)
  await writeFile(path.join(dir, right), dead.replace(/"nonce":"./, '"nonce":"x'))
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2001-01-01') })
  onTestFinished(() => void vi.useRealTimers())
  await withProjectLock(waiting(dir), async () => undefined)
  expect(await readdir(dir)).toEqual([])
  // A machine that says nothing is waited for longer.
}, 10_000)

test('who finds that another has taken the lock over is told, and leaves it alone', async () => {
  const dir = await tempDir()
  const theirs = JSON.stringify({ pid: 1, host: 'another machine', nonce: 'theirs', beats: 0 })
  const file = path.join(dir, 'project.lock')
  const reason = await withProjectLock(waiting(dir), async (lost) => {
    await writeFile(`${file}.new`, theirs)
    await rename(`${file}.new`, file)
    await vi.waitUntil(() => lost.aborted, { timeout: 5000 })
    return lost.reason as unknown
  })
  expect(reason).toMatchObject({ code: 'LOCK_TIMEOUT' })
  expect(await readFile(file, 'utf8')).toBe(theirs)
})

test('the second of one process waits for the first, and can be called off', async () => {
  const dir = await tempDir()
  const order: string[] = []
  const { promise: isHeld, resolve: held } = Promise.withResolvers<void>()
  const first = withProjectLock(waiting(dir), async () => {
    held()
    await sleep(400)
    order.push('first')
  })
  await isHeld
  const onWait = vi.fn<() => void>()
  const second = withProjectLock(waiting(dir, { onWait }), async () => order.push('second'))
  const stop = new AbortController()
  const third = withProjectLock(waiting(dir, { signal: stop.signal }), async () => order.push('3'))
  stop.abort()
  await expect(third).rejects.toThrow('aborted')
  await Promise.all([first, second])
  expect(order).toEqual(['first', 'second'])
  expect(onWait).toHaveBeenCalledOnce()
  expect(existsSync(path.join(dir, 'project.lock'))).toBe(false)
})

test('patience ends with an error that names the file', async () => {
  const dir = await tempDir()
  await withProjectLock(waiting(dir), async () => {
    const second = withProjectLock(waiting(dir, { patience: 300 }), async () => undefined)
    await expect(second).rejects.toMatchObject({
      code: 'LOCK_TIMEOUT',
      message: expect.stringContaining(path.join(dir, 'project.lock')),
    })
  })
})

// Mounting takes root; nothing else keeps root from removing a file.
test.skipIf(process.getuid?.() !== 0 || process.platform !== 'linux')(
  'a lock that cannot be removed hides no result, and is gone once it can be',
  async () => {
    const dir = await tempDir()
    const file = path.join(dir, 'project.lock')
    const work = async (): Promise<string> => {
      execFileSync('mount', ['--bind', file, file])
      return 'done'
    }
    expect(await withProjectLock(waiting(dir), work)).toBe('done')
    expect(existsSync(file)).toBe(true)
    execFileSync('umount', [file])
    expect(await withProjectLock(waiting(dir), async () => 'next')).toBe('next')
  },
)
