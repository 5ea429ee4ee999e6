import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { openProject, prepare, verify, type Options } from '@gemini-image/core'
import {
  generateDeclarations,
  resolveOptions,
  type LockEntries,
  type ResolvedOptions,
} from '@gemini-image/core/internal'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { driveBatches } from '../support/driver.ts'
import { pageOf, promptFile, type Site } from '../support/site.ts'
import { arm, disarm } from './crash-hook.mjs'
import { failureOf, pinnedIn, whatIsUntold, type Case, type Lab, type Row } from './lab.ts'
import { randomOf } from './random.ts'

const HOOK = path.join(import.meta.dirname, 'crash-hook.mjs')
const MODULES = path.resolve(import.meta.dirname, '../node_modules')
const CLI = path.join(MODULES, 'gemini-image/dist/bin.js')
const VITE = path.join(MODULES, 'vite/bin/vite.js')
const CACHE = path.resolve(import.meta.dirname, '../../node_modules/.cache/node-compile-cache')
const NAMES = ['one', 'two', 'three']
/** Milliseconds for a process that nothing goes wrong with, on a machine that is busy. */
const PATIENCE = 25_000

/** A site beside its server. */
export interface Scene {
  readonly site: Site
  readonly gemini: FakeGemini
  readonly log: string[]
  resolve(options?: Options): ResolvedOptions
}

/** Work on a site that may be cut off at each of its operations on files. */
interface Work {
  readonly name: string
  /** What a process of its own is called with. */
  readonly args: readonly string[]
  /** The same in this process; `undefined` where there is no such thing. */
  readonly here?: (scene: Scene) => Promise<readonly unknown[]>
  /** Brings the site to where the work begins. */
  prepare?(scene: Scene): Promise<unknown>
  /** Whether what was pinned before may be pinned no more. @default false */
  readonly mayDrop?: boolean
  /** Whether two of them run side by side. @default false */
  readonly isTwice?: boolean
}

const GENERATE = [CLI, 'generate', '--yes', '--concurrency', '2']

const generateAll = async (scene: Scene): Promise<readonly unknown[]> => {
  const error = await failureOf(() => prepare(openProject(scene.resolve())))
  return error === undefined ? [] : [error]
}
const generateAgain = async (scene: Scene): Promise<readonly unknown[]> => {
  const ids = [scene.site.path('src/one.prompt.md')]
  const again = (): Promise<unknown> =>
    generateDeclarations(openProject(scene.resolve()), ids, { redraw: true })
  const error = await failureOf(again)
  return error === undefined ? [] : [error]
}
const submit = (scene: Scene): Promise<readonly unknown[]> =>
  failuresOf(() =>
    driveBatches(scene.resolve()).submit(
      NAMES.map((name) => scene.site.path(`src/${name}.prompt.md`)),
    ),
  )
const collect = (scene: Scene): Promise<readonly unknown[]> =>
  failuresOf(() => driveBatches(scene.resolve()).collect())

async function failuresOf(
  work: () => Promise<{ readonly failures: readonly unknown[] }>,
): Promise<readonly unknown[]> {
  try {
    return (await work()).failures
  } catch (error) {
    return [error]
  }
}

const WORKS: readonly Work[] = [
  { name: 'generate', args: GENERATE, here: generateAll },
  { name: 'vite build', args: [VITE, 'build'] },
  { name: 'two at once', args: GENERATE, isTwice: true },
  {
    name: 'generate --again',
    args: [...GENERATE, '--again', 'one'],
    prepare: generateAll,
    here: generateAgain,
  },
  {
    name: 'prune',
    args: [CLI, 'prune', '--yes'],
    mayDrop: true,
    prepare: async (scene) => {
      await generateAll(scene)
      await scene.site.write('src/main.js', "import './one.prompt.md?gemini-image'\n")
      await scene.site.remove('src/two.prompt.md')
      await scene.site.remove('src/three.prompt.md')
    },
  },
  {
    name: 'pick',
    args: [CLI, 'pick', 'one', '2', '--yes'],
    prepare: async (scene) => {
      await scene.site.write('src/one.prompt.md', promptFile('one', { variants: '2' }))
      await generateAll(scene)
    },
  },
  { name: 'batch', args: [CLI, 'generate', '--batch', '--yes'], here: submit },
  { name: 'batch collect', args: [CLI, 'batch', 'collect'], prepare: submit, here: collect },
]

/** How a piece of work ended. */
interface Ended {
  readonly isHung: boolean
  readonly isKilled: boolean
  readonly code: number | null
  readonly output: string
}

export function runIn(
  { site, gemini }: Scene,
  args: readonly string[],
  torture?: string,
): Promise<Ended> {
  const { promise, resolve, reject } = Promise.withResolvers<Ended>()
  const { NODE_OPTIONS: _none, CI: _ci, ...rest } = process.env
  const child = spawn(process.execPath, ['--import', HOOK, ...args], {
    cwd: site.root,
    env: {
      ...rest,
      ...environmentOf(site, gemini),
      NO_COLOR: '1',
      NODE_COMPILE_CACHE: CACHE,
      ...(torture !== undefined && { TORTURE: torture }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let isHung = false
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  }
  const timer = setTimeout(() => {
    isHung = true
    child.kill('SIGKILL')
  }, PATIENCE)
  child.once('error', reject)
  child.once('close', (code, signal) => {
    clearTimeout(timer)
    resolve({ code, output, isHung, isKilled: signal === 'SIGKILL' })
  })
  return promise
}

function environmentOf(site: Site, gemini: FakeGemini): Record<string, string> {
  return {
    GEMINI_API_KEY: 'key-of-the-torture-nothing-repeats',
    GOOGLE_GEMINI_BASE_URL: gemini.url,
    TMPDIR: site.path('tmp'),
  }
}

const SITE: Readonly<Record<string, string>> = {
  ...pageOf(NAMES),
  ...Object.fromEntries(NAMES.map((name) => [`src/${name}.prompt.md`, promptFile(name)])),
  'tmp/.keep': '',
  'vite.config.js': `
    import geminiImage from 'unplugin-gemini-image/vite'
    export default { build: { assetsInlineLimit: 0 }, plugins: [geminiImage({ concurrency: 2 })] }\n`,
}

/** What goes wrong at one operation, or at all from there on. */
type Death = (operation: number) => string

const KILLS: readonly Death[] = [(at) => `kill@${at}`, (at) => `half@${at}`]
const ERRORS: readonly string[] = ['ENOSPC', 'EIO', 'EACCES', 'EROFS', 'EMFILE', 'EBUSY']
const DISKS: readonly Death[] = ERRORS.flatMap((code) => [
  (at: number) => `${code}@${at}`,
  (at: number) => `${code}+@${at}`,
])
const DAY = 86_400_000
const CLOCKS: readonly Death[] = [-400 * DAY, -DAY, -5000, 40_000, 3 * DAY, 4000 * DAY].map(
  (by) => (at: number) => `clock${by}@${at}`,
)

/** Most works have fewer operations than this; beyond the last one nothing happens. */
const OPERATIONS = 60

function endless(
  row: string,
  deaths: readonly Death[],
  works: readonly Work[],
  here: boolean,
): Row['cases'] {
  return function* (seed) {
    const random = randomOf(`${seed}/${row}`)
    for (let number = 0; ; number += 1) {
      const work = works[number % works.length] as Work
      const torture = random.pick(deaths)(1 + random.below(OPERATIONS))
      yield {
        name: `${work.name}, ${torture}`,
        run: (lab) => die(lab, work, torture, here),
      } satisfies Case
    }
  }
}

/** Processes that are killed at an operation on a file, also in the middle of writing it. */
export const kills: Row = {
  name: 'kills',
  what: 'SIGKILL at a file operation of eight commands',
  share: 4,
  cases: endless('kills', KILLS, WORKS, false),
}

const HERE = WORKS.filter(({ here }) => here)

/** Disks on which an operation fails, or all from there on. */
export const disks: Row = {
  name: 'disks',
  what: 'file operations fail, once or from then on',
  share: 2,
  cases: endless('disks', DISKS, HERE, true),
}

/** Clocks that jump while a process works. */
export const clocks: Row = {
  name: 'clocks',
  what: 'the clock jumps by seconds, days or years',
  share: 1,
  // The server is in this process, and keeps its batch jobs by the clock.
  cases: endless(
    'clocks',
    CLOCKS,
    HERE.filter(({ name }) => !name.startsWith('batch')),
    true,
  ),
}

/** A site of these files beside a server that does no harm. */
export async function sceneIn(
  lab: Lab,
  files: Readonly<Record<string, string>> = SITE,
): Promise<Scene> {
  const [gemini, site] = await Promise.all([
    lab.gemini({ batch: { polls: 1 } }),
    lab.site({ 'tmp/.keep': '', ...files }),
  ])
  const log: string[] = []
  const note = (line: string): void => void log.push(line)
  return {
    gemini,
    site,
    log,
    resolve: (options) =>
      resolveOptions(
        { retryDelay: 2, concurrency: 2, ...options },
        {
          hostRoot: site.root,
          env: environmentOf(site, gemini),
          logger: { info: note, warn: note },
        },
      ),
  }
}

async function die(lab: Lab, work: Work, torture: string, here: boolean): Promise<void> {
  const scene = await sceneIn(lab)
  const { site, gemini } = scene
  await work.prepare?.(scene)
  const before = await pinnedIn(lab, site)
  const calls = gemini.requests.length
  const ended = await (here ? sufferHere : sufferApart)(lab, scene, work, torture)
  const after = await pinnedIn(lab, site)
  if (!work.mayDrop) mustKeep(lab, before, after, ended.output)
  const arrived = await arrivedIn(site, after)
  const since = gemini.requests.length
  await recover(lab, scene, work, ended.output)
  for (const { prompt, route } of gemini.requests.slice(since)) {
    if (route === 'generateContent' && arrived.has(prompt))
      lab.harm('paid again', `"${prompt}" had arrived: ${ended.output}`)
  }
  // One that was killed may have been answered before anything could be noted.
  if (!ended.isKilled && !mayHavePaid(ended.output))
    mustPayOnce(lab, gemini, calls, work, ended.output)
  const broken = await failureOf(() => verify(openProject(scene.resolve())))
  if (broken !== undefined) lab.harm('unreadable', String(broken))
}

/** Whether a run says that a picture is lost, or that a call may have cost something. */
function mayHavePaid(output: string): boolean {
  return /it is lost|may have been paid/.test(output)
}

async function sufferApart(lab: Lab, scene: Scene, work: Work, torture: string): Promise<Ended> {
  const [ended, other] = await Promise.all([
    runIn(scene, work.args, torture),
    work.isTwice ? runIn(scene, work.args) : undefined,
  ])
  for (const one of other ? [ended, other] : [ended]) {
    if (one.isHung) lab.harm('hung', one.output)
    else if (!one.isKilled && one.code !== 0 && !/What to do:/.test(one.output))
      lab.harm('untold', one.output)
  }
  if (other && other.code !== 0) lab.harm('lost', `the other one failed: ${other.output}`)
  return ended
}

async function sufferHere(lab: Lab, scene: Scene, work: Work, torture: string): Promise<Ended> {
  const { env } = process
  const folder = env['TMPDIR']
  env['TMPDIR'] = scene.site.path('tmp')
  arm(torture, scene.site.root)
  try {
    const errors = (await work.here?.(scene)) ?? []
    disarm()
    for (const error of errors) {
      // Where the disk is at fault, the file is the place.
      const told = whatIsUntold(error, ['WRITE_FAILED', 'LOCK_TIMEOUT'])
      if (told !== undefined) lab.harm('untold', told)
    }
    const output = [...errors.map(String), ...scene.log].join('\n')
    return { code: errors.length, isHung: false, isKilled: false, output }
  } finally {
    disarm()
    if (folder === undefined) delete env['TMPDIR']
    else env['TMPDIR'] = folder
  }
}

/** The next run, with which nothing is wrong, brings all that is missing. */
async function recover(lab: Lab, scene: Scene, { name }: Work, output: string): Promise<void> {
  const isBatch = name.startsWith('batch')
  const jobs = isBatch
    ? [
        ...(await failuresOf(() => driveBatches(scene.resolve()).resume())),
        ...(await collect(scene)),
      ]
    : []
  const errors = [...jobs, ...(await generateAll(scene))]
  if (errors.length > 0)
    lab.harm('lost', `the next run fails: ${errors.map(String).join('\n')}\nafter: ${output}`)
}

function mustKeep(lab: Lab, before: LockEntries, after: LockEntries, output: string): void {
  for (const [print, { file }] of before) {
    if (!after.has(print)) lab.harm('lost', `${file} was pinned, and is no more: ${output}`)
  }
}

/** Prompts whose answers have arrived: pinned, or in the journal. */
async function arrivedIn(site: Site, pinned: LockEntries): Promise<ReadonlySet<string>> {
  const jobs = 'node_modules/.cache/gemini-image/jobs'
  const names = (await site.list(jobs)).filter((name) => name.endsWith('.json'))
  const prompts = [...pinned.values()].map(({ request }) => String(request?.['prompt']))
  for (const name of names) {
    const text = await readFile(site.path(jobs, name), 'utf8')
    const prompt = /"prompt":"(one|two|three)"/.exec(text)?.[1]
    if (text.startsWith('{"state":"answered"') && prompt) prompts.push(prompt)
  }
  return new Set(prompts)
}

function mustPayOnce(
  lab: Lab,
  { requests, batches }: FakeGemini,
  since: number,
  { name }: Work,
  output: string,
): void {
  if (name.startsWith('batch')) {
    const lines = batches.jobs.reduce((sum, job) => sum + job.lines.length, 0)
    if (lines > NAMES.length) lab.harm('paid again', `${lines} lines in batch jobs: ${output}`)
    return
  }
  const asked = requests.slice(since).filter(({ route }) => route === 'generateContent')
  const prompts = asked.map(({ prompt }) => prompt)
  for (const prompt of new Set(prompts)) {
    const count = prompts.filter((one) => one === prompt).length
    if (count > 1) lab.harm('paid again', `"${prompt}" was asked for ${count} times: ${output}`)
  }
}
