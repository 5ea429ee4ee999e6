// Counts what a program does to files, and at one of those operations kills the process, lets the operation fail, or
// moves the clock. Loaded before a program, it does what TORTURE says, as in ENOSPC@7, or from there on, as in EIO+@7.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import process from 'node:process'

const Real = Date
let kind = ''
let target = 0
let isLasting = false
let root = ''
let count = 0

/** Does harm to what happens in a folder from now on. */
export function arm(what, folder) {
  const [name = '', at = '0'] = what.split('@')
  kind = name.replace(/\+$/, '')
  isLasting = name.endsWith('+')
  target = Number(at)
  root = folder
  count = 0
}

/** Does none any more. @returns how many operations there were. */
export function disarm() {
  target = 0
  globalThis.Date = Real
  return count
}

/** Whether a file is the site's own: what bundlers keep for themselves has other rules. */
function isOurs(file) {
  const name = String(file)
  return (
    target > 0 && name.startsWith(root) && /gemini-image|\.prompt\.md/.test(name.slice(root.length))
  )
}

function fail(name, file) {
  const error = new Error(`${kind}: torture, ${name} '${file}'`)
  return Object.assign(error, { code: kind, errno: -1, syscall: name, path: String(file) })
}

/** Counts an operation. @returns what is to go wrong with it. */
function step(name, file) {
  count += 1
  if (count < target || (count > target && !isLasting)) return undefined
  if (kind === 'kill') process.kill(process.pid, 'SIGKILL')
  if (kind === 'half') return 'half'
  if (kind.startsWith('clock')) {
    moveClock(Number(kind.slice('clock'.length)))
    return undefined
  }
  return /^E[A-Z]+$/.test(kind) ? fail(name, file) : undefined
}

function moveClock(milliseconds) {
  const now = Real.now.bind(Real)
  globalThis.Date = class extends Real {
    constructor(...given) {
      if (given.length === 0) super(now() + milliseconds)
      else super(...given)
    }
    static now() {
      return now() + milliseconds
    }
  }
}

const writes = [
  'writeFile',
  'appendFile',
  'rename',
  'rm',
  'unlink',
  'mkdir',
  'utimes',
  'symlink',
  'copyFile',
]
for (const name of writes) {
  const plain = fs.promises[name]
  fs.promises[name] = async (file, ...rest) => {
    if (!isOurs(file)) return plain(file, ...rest)
    const wrong = step(name, file)
    if (wrong === 'half') process.kill(process.pid, 'SIGKILL')
    if (wrong) throw wrong
    return plain(file, ...rest)
  }
}

const open = fs.promises.open
fs.promises.open = async (file, flags = 'r', ...rest) => {
  const isWrite = /[wa+]/.test(String(flags)) || typeof flags === 'number'
  if (!isWrite || !isOurs(file)) return open(file, flags, ...rest)
  const wrong = step('open', file)
  if (wrong instanceof Error) throw wrong
  const handle = await open(file, flags, ...rest)
  for (const name of ['writeFile', 'write', 'appendFile', 'sync', 'datasync', 'truncate']) {
    const plain = handle[name].bind(handle)
    handle[name] = async (content, ...more) => {
      const failed = step(name, file)
      if (failed instanceof Error) throw failed
      if (failed === 'half') {
        if (name.startsWith('write') || name === 'appendFile') {
          const bytes = Buffer.from(content)
          await plain(bytes.subarray(0, bytes.length >> 1))
        }
        process.kill(process.pid, 'SIGKILL')
      }
      return plain(content, ...more)
    }
  }
  return handle
}

for (const name of [
  'writeFileSync',
  'appendFileSync',
  'renameSync',
  'rmSync',
  'unlinkSync',
  'mkdirSync',
]) {
  const plain = fs[name]
  fs[name] = (file, ...rest) => {
    if (!isOurs(file)) return plain(file, ...rest)
    const wrong = step(name, file)
    if (wrong === 'half') process.kill(process.pid, 'SIGKILL')
    if (wrong) throw wrong
    return plain(file, ...rest)
  }
}

syncBuiltinESMExports()

if (process.env.TORTURE) arm(process.env.TORTURE, process.cwd())
// What the program starts is left alone.
delete process.env.TORTURE
