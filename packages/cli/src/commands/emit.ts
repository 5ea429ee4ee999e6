import path from 'node:path'
import process from 'node:process'
import {
  GeminiImageError,
  type Mode,
  type Plan,
  type PlanRow,
  type Prepared,
  type Project,
} from '@gemini-image/core'
import {
  APP_PLATFORMS,
  appIcons,
  type AppPlatform,
  type Declared,
  formatDollars,
  isPromptFile,
  joinErrors,
  planPromptFiles,
  preparePlan,
  readRenditionQuery,
  saveChecks,
  startOf,
} from '@gemini-image/core/internal'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { EmitFolder, type Written } from '../emit/folder.ts'
import { fileListText, textsOf } from '../emit/module.ts'
import { namesOf } from '../emit/names.ts'
import { emittedPictures, filesOf, iconFiles } from '../emit/pictures.ts'
import { showProgress } from '../output/progress.ts'
import { count } from '../output/table.ts'
import { whileInterruptible } from '../project/interrupt.ts'
import { openProject } from '../project/open-project.ts'
import { isNamed, selectRows } from '../project/select.ts'
import { withLimits, type SpendingFlags } from './spending.ts'

/** Settings of renditions, by the names that queries have for them. A preset holds all others. */
const RENDITION_FLAGS = ['preset', 'widths', 'formats', 'ratio', 'quality'] as const

type RenditionFlags = Partial<Record<(typeof RENDITION_FLAGS)[number], string>>

interface EmitFlags extends SpendingFlags, RenditionFlags {
  readonly from?: string
  readonly publicPath?: string
  readonly appIcons?: readonly AppPlatform[]
  readonly background?: string
  readonly hash?: boolean
  readonly mode?: Mode
}

/** `gemini-image emit`: pictures as files, for what no plugin reaches. */
export function emitCommand(): Command {
  const created = command<EmitFlags>(
    'emit <folder> [names...]',
    'write the pictures of prompt files into a folder, with a typed module and a manifest, for what no plugin reaches; draws what is missing as a build does',
    runEmit,
    [0, 1, 130],
  )
  created
    .option(
      '--public-path <path>',
      'where a server has the folder, for "src" (default: the module requires the files, as Metro wants it)',
    )
    .option(
      '--from <dir>',
      'the folder that names begin at; prompt files elsewhere are left out (default: the project)',
    )
    .option('--widths <list>', 'renditions of these widths, in pixels: 400,800,1200')
    .option('--formats <list>', 'renditions in these formats, the preferred first: avif,webp,jpeg')
    .option('--ratio <ratio>', 'cuts renditions to a ratio: 3:2')
    .option('--quality <list>', 'of renditions, for all or by format: 80 or avif:50,webp:70')
    .option('--preset <name>', 'renditions by a preset of the configuration')
    .addOption(
      new Option(
        '--app-icons <list>',
        'instead, the icons of an app from one picture, for projects of Xcode and Android Studio: ios,android',
      )
        .argParser(platformsIn)
        .conflicts([...RENDITION_FLAGS, 'publicPath', 'hash']),
    )
    .addOption(
      new Option('--background <colour>', 'behind app icons that are cut out: 0b3d3a')
        .argParser(colourIn)
        .default('#ffffff', 'white'),
    )
    .option('--hash', 'put a hash of the content into the names of files')
    .addOption(
      new Option(
        '--mode <mode>',
        'what becomes of a picture that is not pinned (default: frozen where CI is set, or else auto)',
      ).choices(['auto', 'frozen', 'placeholder']),
    )
  return withLimits(created)
}

async function runEmit({ args, flags, terminal }: Input<EmitFlags>): Promise<Outcome> {
  const [target = '', ...names] = args
  const { budget, concurrency, mode } = flags
  const project = await openProject(flags, terminal, { options: { budget, concurrency }, mode })
  const from = path.resolve(process.cwd(), flags.from ?? project.options.root)
  const query = renditionQuery(flags, project)
  // What is wrong with it is told before anything is paid for.
  const folder = new EmitFolder(path.resolve(process.cwd(), target), project)
  if (flags.appIcons) folder.assertWithoutModule()
  const plan = await planPromptFiles(project)
  const pathOf = (file: string): string => startOf(project.options.root, file).path
  assertReadable(plan, (file) => isBelow(file, from) && isNamed(names, pathOf(file)))
  const rows = selectBelow(from, selectRows(names, plan.rows), flags)
  if (flags.appIcons) assertOne(rows)
  const wanted = { ...plan, rows: withWaitedFor(rows, plan), problems: [] }
  const { isInterrupted, value: prepared } = await whileInterruptible(project, terminal, () =>
    preparePlan(project, wanted, { onProgress: showProgress(terminal) }),
  )
  terminal.status(undefined)
  if (isInterrupted || !prepared) {
    const text = 'Stopped; what has landed is kept, and no file was written.'
    return { report: { isInterrupted }, text, exitCode: 130 }
  }
  const all = rows.map(({ declared }) => declared)
  const { pictures, written } = flags.appIcons
    ? await emitIcons(all, prepared, { project, folder, flags })
    : await emitPictures(all, prepared, { project, folder, flags, from, query })
  await saveChecks(project)
  return outcome(target, pictures, prepared, written)
}

/** Where and how pictures are written. */
interface Emission {
  readonly project: Project
  readonly folder: EmitFolder
  readonly flags: EmitFlags
}

/** What was written, of how many pictures. */
interface Emitted {
  readonly pictures: number
  readonly written: Written
}

async function emitIcons(
  all: readonly Declared[],
  prepared: Prepared,
  { project, folder, flags: { appIcons: platforms = [], background = '' } }: Emission,
): Promise<Emitted> {
  const image = await prepared.image(all[0]?.id ?? '')
  await prepared.verify()
  const files = iconFiles(await appIcons(project, image, { platforms, background }))
  return { pictures: 1, written: await folder.write(files, fileListText(files)) }
}

async function emitPictures(
  all: readonly Declared[],
  prepared: Prepared,
  {
    project,
    folder,
    flags,
    from,
    query,
  }: Emission & { readonly from: string; readonly query: string | undefined },
): Promise<Emitted> {
  const named = namesOf(all, from).map((one, index) => ({ ...one, id: all[index]?.id ?? '' }))
  const style = { query, withHash: flags.hash ?? false }
  const pictures = await emittedPictures(named, prepared, project, style)
  await prepared.verify()
  const texts = textsOf({ pictures, publicPath: flags.publicPath })
  return { pictures: pictures.length, written: await folder.write(filesOf(pictures), texts) }
}

/** @throws {InvalidArgumentError} for what is no list of platforms. */
function platformsIn(list: string): readonly AppPlatform[] {
  const names = list.split(',').map((name) => name.trim())
  const found = APP_PLATFORMS.filter((platform) => names.includes(platform))
  if (found.length === new Set(names).size) return found
  throw new InvalidArgumentError(`The platforms are ${APP_PLATFORMS.join(' and ')}.`)
}

/** @throws {InvalidArgumentError} for what is no colour that both platforms take. */
function colourIn(written: string): string {
  const [, digits] = /^#?([\da-f]{6})$/i.exec(written) ?? []
  if (digits !== undefined) return `#${digits}`
  throw new InvalidArgumentError('Write a colour in six hexadecimal digits, such as 0b3d3a.')
}

/** @throws {GeminiImageError} `INVALID_ARGUMENT` where several pictures are meant: an app has one icon. */
function assertOne(rows: readonly PlanRow[]): void {
  if (rows.length === 1) return
  const [one = 'logo'] = rows.map(({ declared }) => declared.name)
  throw new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `App icons are made of one picture, and ${rows.length === 0 ? 'there is none' : `${rows.length} are meant`}.`,
    why: 'Nothing was written.',
    fix: `name it: npx gemini-image emit app-icons ${one} --app-icons ios,android`,
  })
}

/** Checked before anything is paid for. */
function renditionQuery(flags: EmitFlags, { options }: Project): string | undefined {
  const parameters = new URLSearchParams()
  for (const name of RENDITION_FLAGS) {
    const value = flags[name]
    if (value !== undefined) parameters.set(name, value)
  }
  if (parameters.size === 0) return undefined
  const query = `?${parameters.toString()}`
  readRenditionQuery(query, 'picture', options)
  return query
}

/**
 * A picture whose declaration is broken, or refers to one that is, is not one that is gone.
 * @throws {GeminiImageError} what is wrong.
 */
function assertReadable(
  { files, rows, problems }: Plan,
  isWanted: (promptFile: string) => boolean,
): void {
  const planned = new Set(rows.map(({ declared }) => declared.file))
  const isBroken = (file: string): boolean =>
    isPromptFile(file) && !planned.has(file) && isWanted(file)
  if (files.some(isBroken)) throw joinErrors(problems)
}

/** @throws {GeminiImageError} `INVALID_ARGUMENT` where nothing is there: a typing error would empty the folder. */
function selectBelow(
  from: string,
  rows: readonly PlanRow[],
  flags: Pick<EmitFlags, 'from'>,
): readonly PlanRow[] {
  const below = rows.filter(({ declared }) => isBelow(declared.file, from))
  if (below.length > 0 || flags.from === undefined) return below
  throw new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `--from is "${flags.from}", and there is no prompt file below it.`,
    why: 'Nothing was written.',
    fix: 'write a folder with prompt files, from here or as an absolute path.',
  })
}

function isBelow(file: string, folder: string): boolean {
  return file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep)
}

/** Rows, and those of the pictures that they refer to and that are missing. */
function withWaitedFor(rows: readonly PlanRow[], { rows: all }: Plan): readonly PlanRow[] {
  const wanted = new Set(rows.map(({ declared }) => declared.id))
  const byId = new Map(all.map((row) => [row.declared.id, row]))
  // A set goes on to what is added while it is walked through.
  for (const id of wanted) {
    for (const other of byId.get(id)?.declared.waitsFor ?? []) wanted.add(other.id)
  }
  return all.filter(({ declared }) => wanted.has(declared.id))
}

function outcome(
  folder: string,
  pictures: number,
  { generated, spent, placeholders }: Prepared,
  { written, removed, kept }: Written,
): Outcome {
  const did = [
    written.length === 0 ? 'nothing to write' : `${count(written.length, 'file')} written`,
    ...(removed.length > 0 ? [`${removed.length} removed`] : []),
    ...(generated > 0
      ? [`${count(generated, 'picture')} generated for ${formatDollars(spent)}`]
      : []),
    ...(placeholders > 0 ? [count(placeholders, 'placeholder')] : []),
  ]
  const left = kept.map(
    (file) =>
      `\n${path.join(folder, file)} is not needed any more, and was changed since: it was left alone.`,
  )
  return {
    report: { folder, pictures, written, removed, kept, generated, spent, placeholders },
    text: `${count(pictures, 'picture')} in ${folder}: ${did.join(', ')}.${left.join('')}`,
  }
}
