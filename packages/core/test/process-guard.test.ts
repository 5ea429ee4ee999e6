import { spawn, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'

// Processes take long to start where many do.
vi.setConfig({ testTimeout: 30_000 })

const SOURCE = path.resolve(import.meta.dirname, '../src/kernel/process-guard.ts')

interface Ended {
  readonly how: NodeJS.Signals | number | null
  /** The lines that it has said. */
  readonly said: readonly string[]
}

interface Host {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves once it has said something. */
  hears(line: string): Promise<void>
}

/**
 * A host in a process of its own. `work(name, ms)` is guarded work that takes so long; it can be cut off, unless it is
 * stubborn.
 * @param isTold The time of the work begins when it is told to stop, however late a busy machine tells it.
 */
function startHost(program: string, isTold = false): Host {
  const script = `
    import { writeSync } from 'node:fs'
    import { setTimeout as sleep } from 'node:timers/promises'
    import { guardProcess } from ${JSON.stringify(SOURCE)}
    const say = (line) => writeSync(3, line + '\\n')
    async function work(name, ms, stubborn = false) {
      const cut = new AbortController()
      const told = Promise.withResolvers()
      const guarded = {
        stop: () => { say(name + ' stops'); told.resolve() },
        announce: () => say(name + ' is under way'),
        cutOff: () => { say(name + ' is cut off'); if (!stubborn) cut.abort() },
      }
      await guardProcess(guarded, async () => {
        say(name + ' begins')
        const awake = setInterval(() => undefined, 1000)
        if (${isTold}) await told.promise
        clearInterval(awake)
        await sleep(ms, undefined, { signal: cut.signal }).catch(() => undefined)
        say(name + ' ends')
      })
      say(name + ' is back')
    }
    ${program}
    say('the program ends')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let text = ''
  child.stderr?.on('data', (chunk: Buffer) => (text += String(chunk)))
  child.stdio[3]?.on('data', (chunk: Buffer) => (text += String(chunk)))
  const { promise: ended, resolve } = Promise.withResolvers<Ended>()
  child.on('close', (code, signal) =>
    resolve({ how: signal ?? code, said: text.split('\n').filter(Boolean) }),
  )
  const hears = async (line: string): Promise<void> => {
    await vi.waitUntil(() => text.includes(line), { timeout: 20_000, interval: 5 })
  }
  return { child, ended, hears }
}

/** A signal, once the work has begun. */
async function signalled(program: string, signal: NodeJS.Signals): Promise<Ended> {
  const host = startHost(program, true)
  await host.hears('begins')
  host.child.kill(signal)
  return host.ended
}

describe.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s', (signal) => {
  test('ends a process that does not listen, as if nothing were guarded, once the work is done', async () => {
    const { how, said } = await signalled(`await work('A', 400)`, signal)
    expect(how).toBe(signal)
    expect(said).toEqual(['A begins', 'A stops', 'A is under way', 'A ends'])
  })

  test('is handed to listeners that were there, and to those that came meanwhile, in their order', async () => {
    const { how, said } = await signalled(
      `process.on('${signal}', () => say('first'))
       process.once('${signal}', () => say('once'))
       const removed = () => say('never')
       process.on('${signal}', removed)
       const working = work('A', 400)
       process.once('${signal}', () => { say('exit'); process.exit(7) })
       const late = () => say('late')
       process.on('${signal}', late)
       process.off('${signal}', removed)
       await Promise.resolve()
       process.off('${signal}', late)
       await working`,
      signal,
    )
    expect(how).toBe(7)
    expect(said.slice(3)).toEqual(['A ends', 'first', 'once', 'exit'])
  })
})

test('what ends without a signal leaves listeners as they were', async () => {
  const { how, said } = await startHost(
    `const count = () => [process.stdout, process.stderr, process]
       .flatMap((one) => [one.listenerCount('newListener'), one.listenerCount('error')]).join()
     const counted = count()
     const first = () => undefined
     process.once('SIGINT', first)
     const before = process.rawListeners('SIGINT')
     await work('A', 20)
     const after = process.rawListeners('SIGINT')
     say(String(before.length === after.length && before.every((one, i) => one === after[i])))
     say(String(count() === counted))`,
  ).ended
  expect(how).toBe(0)
  expect(said.slice(2)).toEqual(['A is back', 'true', 'true', 'the program ends'])
})

test('all that is guarded is waited for, and a host that goes on afterwards is not asked to end again', async () => {
  const { how, said } = await signalled(
    `process.on('SIGTERM', () => say('told'))
     await Promise.all([work('A', 300), work('B', 600)])`,
    'SIGTERM',
  )
  expect(how).toBe(0)
  expect(said.slice(-6)).toEqual([
    'A ends',
    'B ends',
    'told',
    'B is back',
    'A is back',
    'the program ends',
  ])
})

test('a second signal cuts off; the echo of the first does not', async () => {
  const host = startHost(`await work('A', 20_000)`)
  await host.hears('A begins')
  for (let echo = 0; echo < 3; echo += 1) {
    host.child.kill('SIGINT')
    await sleep(10)
  }
  await host.hears('A is under way')
  host.child.kill('SIGTERM')
  const { how, said } = await host.ended
  expect(said.slice(1)).toEqual(['A stops', 'A is under way', 'A is cut off', 'A ends'])
  expect(how).toBe('SIGINT')
})

test('a third ends what does not let itself be cut off', async () => {
  const host = startHost(`await work('A', 20_000, true)`)
  await host.hears('A begins')
  host.child.kill('SIGINT')
  await host.hears('A is under way')
  host.child.kill('SIGINT')
  await host.hears('A is cut off')
  await sleep(300)
  host.child.kill('SIGINT')
  expect((await host.ended).how).toBe('SIGINT')
})

test('work that begins while the process is about to end is stopped at once', async () => {
  const host = startHost(`
    process.once('SIGINT', () => process.exit(5))
    setTimeout(() => work('B', 10), 600)
    await work('A', 1000)`)
  await host.hears('A begins')
  host.child.kill('SIGINT')
  const { how, said } = await host.ended
  expect(how).toBe(5)
  expect(said.slice(2)).toEqual(['A is under way', 'B stops', 'B begins', 'B ends', 'A ends'])
})

test.for(['stdout', 'stderr'] as const)(
  'when nobody reads %s any more, nothing more begins, and nothing is thrown',
  async (stream) => {
    const host = startHost(`
      process.stdout.on('error', () => process.exit(9))
      setInterval(() => process.${stream}.write('Progress\\n'), 20).unref()
      await work('A', 800)
      await sleep(500)`)
    await host.hears('A begins')
    host.child[stream]?.destroy()
    const { how, said } = await host.ended
    // Some of it may have been read before.
    const told = said.filter((line) => line !== 'Progress')
    expect(told.slice(1, 5)).toEqual(['A stops', 'A is under way', 'A ends', 'A is back'])
    // What is written afterwards fails as ever: the host has a listener for the one, and none for the other.
    expect(how).toBe(stream === 'stdout' ? 9 : 1)
  },
)
