import { spawn } from 'node:child_process'
import path from 'node:path'
import { openProject, plan, prepare, verify } from '@gemini-image/core'
import { formatLockfile } from '@gemini-image/core/internal'
import { pageOf, promptFile } from '../support/site.ts'
import { failureOf, pinnedIn, watched, whatIsUntold, type Case, type Lab, type Row } from './lab.ts'
import { runIn, sceneIn } from './deaths.ts'

const CLI = path.resolve(import.meta.dirname, '../node_modules/gemini-image/dist/bin.js')

/** Names that files may have, and that somebody might read as something else. */
const ODD_NAMES = [
  'with space',
  "it's",
  'a"quote',
  'per%cent',
  'per%20cent',
  'ha#sh',
  'and&',
  'plus+',
  'at@',
  'a=b',
  'semi;colon',
  'comma,',
  '[brackets]',
  '{braces}',
  '(round)',
  '$dollar',
  '$&',
  'back`tick',
  'ex!clamation',
  'ti~lde',
  '^caret',
  '-dash',
  '--help',
  '.hidden',
  '..dots',
  'dot.',
  'con',
  'nul',
  '__proto__',
  'constructor',
  'toString',
  '0',
  '-1',
  'é',
  'e\u0301',
  'Ünïcödé',
  '日本語',
  '🦊',
  '👩‍👩‍👧',
  '\u202Eright to left',
  'zero\u200Bwidth',
  'UPPER',
  'a'.repeat(200),
  'line\nbreak',
  'tab\t',
  'back\\slash',
  'colon:',
  'pi|pe',
  'a*b',
  'wh?y',
  '<tag>',
  '\u001B[31mred',
  '::error::a',
]

/** A picture under each odd name is generated, pinned, and found again; or refused with all that is needed. */
export const names: Row = {
  name: 'names',
  what: 'files and folders with odd names',
  share: 1,
  cases: () =>
    ODD_NAMES.flatMap((name): Case[] => [
      {
        name: `the file ${JSON.stringify(name)}`,
        run: (lab) => underName(lab, `${name}.prompt.md`),
      },
      {
        name: `the folder ${JSON.stringify(name)}`,
        run: (lab) => underName(lab, `${name}/a.prompt.md`),
      },
    ]),
}

async function underName(lab: Lab, file: string): Promise<void> {
  const url = file.split('/').map(encodeURIComponent).join('/')
  const scene = await sceneIn(lab, {
    [file]: promptFile('A fox'),
    'main.js': `new URL(${JSON.stringify(`./${url}?gemini-image`)}, import.meta.url)\n`,
  })
  const error = await failureOf(() => prepare(openProject(scene.resolve())))
  const told = error === undefined ? undefined : whatIsUntold(error)
  if (told !== undefined) lab.harm('untold', told)
  const { rows } = await plan(openProject(scene.resolve()))
  const pinned = await pinnedIn(lab, scene.site)
  if (error === undefined && pinned.size !== rows.length)
    lab.harm('lost', `${pinned.size} pinned of ${rows.length}`)
  if (scene.gemini.requests.length > rows.length)
    lab.harm('paid again', `${scene.gemini.requests.length} calls`)
  const broken = await failureOf(() => verify(openProject(scene.resolve())))
  if (broken !== undefined) lab.harm('unreadable', String(broken))
}

/** Much of everything at once. */
export const load: Row = {
  name: 'load',
  what: '8 processes, 50,000 entries, 2,000 requests, 300 edits',
  share: 2,
  cases: (_seed, figures) => [
    { name: 'eight processes at once', run: eightProcesses },
    { name: 'fifty thousand entries', run: manyEntries },
    {
      name: 'a dev server',
      patience: 240_000,
      run: async (lab) => {
        const { memory, descriptors } = await devServer(lab)
        figures.push(
          {
            name: 'memory after 300 edits and 2,000 requests',
            found: memory,
            target: 30,
            unit: 'MB more',
          },
          { name: 'open files after them', found: descriptors, target: 5, unit: 'more' },
        )
      },
    },
  ],
}

const TWELVE = Array.from({ length: 12 }, (_, index) => `p${index}`)

function siteOf(all: readonly string[]): Record<string, string> {
  return {
    ...pageOf(all),
    ...Object.fromEntries(all.map((name) => [`src/${name}.prompt.md`, promptFile(name)])),
  }
}

async function eightProcesses(lab: Lab): Promise<void> {
  const scene = await sceneIn(lab, siteOf(TWELVE))
  const run = (): ReturnType<typeof runIn> => runIn(scene, [CLI, 'generate', '--yes'])
  const all = await Promise.all(Array.from({ length: 8 }, run))
  for (const { code, output, isHung } of all) {
    if (isHung) lab.harm('hung', output)
    else if (code !== 0) lab.harm('untold', output)
  }
  const calls = scene.gemini.requests.length
  if (calls > TWELVE.length) lab.harm('paid again', `${calls} calls for ${TWELVE.length} pictures`)
  if ((await pinnedIn(lab, scene.site)).size !== TWELVE.length)
    lab.harm('lost', 'not all are pinned')
}

async function manyEntries(lab: Lab): Promise<void> {
  const scene = await sceneIn(lab, siteOf(['one']))
  await prepare(openProject(scene.resolve()))
  const [entry] = (await pinnedIn(lab, scene.site)).values()
  if (!entry) return lab.harm('lost', 'nothing is pinned')
  const own = await pinnedIn(lab, scene.site)
  const entries = new Map(own)
  for (let number = 0; entries.size < 50_000; number += 1) {
    entries.set(number.toString(16).padStart(64, '0'), entry)
  }
  const text = formatLockfile(entries)
  await scene.site.write('gemini-image.lock', text)
  await scene.site.write('src/two.prompt.md', promptFile('two'))
  await scene.site.write('src/two.js', "import './two.prompt.md?gemini-image'\n")
  // A second for the disk; what is calculated is watched by itself.
  await watched(lab, 1000, () => prepare(openProject(scene.resolve())))
  const { size } = await pinnedIn(lab, scene.site)
  if (size !== 50_001) lab.harm('lost', `${size} entries of 50,001`)
  if (scene.gemini.requests.length !== 2)
    lab.harm('paid again', `${scene.gemini.requests.length} calls`)
}

/** By how much a dev server has grown, in megabytes and in open files. */
async function devServer(lab: Lab): Promise<{ memory: number; descriptors: number }> {
  const scene = await sceneIn(lab, siteOf(TWELVE))
  await prepare(openProject(scene.resolve()))
  const calls = scene.gemini.requests.length
  const program = path.join(import.meta.dirname, 'dev-server.ts')
  const child = spawn(process.execPath, ['--expose-gc', program, scene.site.root], {
    env: { ...process.env, GEMINI_IMAGE_MODE: 'placeholder' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  lab.after(() => child.kill('SIGKILL'))
  const lines: string[] = []
  for await (const text of child.stdout.setEncoding('utf8')) lines.push(String(text))
  const { errors, memory, descriptors } = JSON.parse(
    lines.join('').trim().split('\n').at(-1) ?? '{}',
  )
  for (const error of errors as string[]) lab.harm('lost', error)
  if (scene.gemini.requests.length > calls)
    lab.harm('paid again', 'a request of a browser, or an edit, has paid')
  return { memory, descriptors }
}
