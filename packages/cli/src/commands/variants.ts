import path from 'node:path'
import {
  GeminiImageError,
  isGeminiImageError,
  plan,
  type PlanRow,
  type Project,
} from '@gemini-image/core'
import {
  ADOPTED,
  adoptDraft,
  applyEdit,
  formatDollars,
  isInlineId,
  labelOf,
  proposeEdit,
  recall,
  shownBy,
  variantsOf,
  type ProposedEdit,
} from '@gemini-image/core/internal'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { readCount } from '../output/numbers.ts'
import { paragraphs, table } from '../output/table.ts'
import type { Terminal } from '../output/terminal.ts'
import { openProject } from '../project/open-project.ts'
import { selectRow } from '../project/select.ts'
import { dependentsOf, missingNow, tellDependents, tellWayBack } from './dependents.ts'

interface Variant {
  /** From 1. */
  readonly number: number
  readonly isPicked: boolean
  readonly fingerprint: string
  /** Its path from the root; `undefined` where it is not drawn. */
  readonly file: string | undefined
}

/** `gemini-image variants`: what there is to choose from. */
export function variantsCommand(): Command {
  return command('variants <picture>', 'list a picture’s variants', runVariants)
}

interface PickFlags {
  readonly former?: number | string
  readonly draft?: number
  readonly dryRun?: boolean
  readonly yes?: boolean
}

/** `gemini-image pick`: writes the choice where the picture is declared, or goes back to a former picture. */
export function pickCommand(): Command {
  return command<PickFlags>(
    'pick <picture> [number]',
    'choose one of a picture’s variants: writes "pick" where it is declared; with --former, go back to a picture that was there before; with --draft, take what a model gave as a draft',
    runPick,
  )
    .option(
      '--former <number>',
      'an earlier picture, from 1, the newest, or the first digits of its hash; "explain" lists them',
      readFormer,
    )
    .option(
      '--draft <number>',
      'the draft of an answer that held no other picture, from 1; it is paid for',
      readCount,
    )
    .option('--dry-run', 'show the edit of a variant’s choice, and write nothing')
    .option('-y, --yes', 'do not ask before a file that is no prompt file is edited')
}

async function runVariants({ args, flags, terminal }: Input<object>): Promise<Outcome> {
  const project = await openProject(flags, terminal, { looksOnly: true })
  const row = await findRow(project, args[0])
  const variants = await readVariants(project, row)
  const picture = labelOf(row.declared)
  const rows = variants.map(({ number, isPicked, file }) => [
    String(number),
    file ?? 'not drawn',
    isPicked ? 'picked' : '',
  ])
  const hint =
    variants.length > 1
      ? `To choose one: npx gemini-image pick ${row.declared.name} <number>`
      : 'It has no variants; "variants: 4" in its declaration asks for four.'
  const text = paragraphs(table(['VARIANT', 'FILE', ''], rows, 1), hint)
  return { report: { picture, variants }, text }
}

async function runPick({ args, flags, terminal }: Input<PickFlags>): Promise<Outcome> {
  const [name, wanted] = args
  const choices = [wanted, flags.former, flags.draft].filter((one) => one !== undefined)
  if (choices.length !== 1) throw notOneChoice(name, wanted)
  const project = await openProject(flags, terminal, { looksOnly: true })
  const row = await findRow(project, name)
  if (flags.draft !== undefined) return pickDraft(flags.draft, row, project)
  return flags.former === undefined
    ? pickVariant(wanted ?? '', row, { project, flags, terminal })
    : pickFormer(flags.former, row, project)
}

async function pickDraft(number: number, row: PlanRow, project: Project): Promise<Outcome> {
  const { declared } = row
  const affected = dependentsOf([row], await plan(project))
  const adopted = await adoptDraft(row, number, project).catch((error: unknown) => {
    throw isGeminiImageError(error) ? error.at(declared.place) : error
  })
  const { file, cost } = adopted
  const dependents = await missingNow(affected, project)
  const text = paragraphs(
    `${labelOf(declared)} is ${file}, the draft. Its ${formatDollars(cost)} were paid when it came.`,
    tellDependents(dependents),
  )
  return { report: { picture: labelOf(declared), pinned: { file, cost }, dependents }, text }
}

/** A number, or digits of a hash: six are enough to tell pictures apart, and too many for a number. */
function readFormer(written: string): number | string {
  return /^(?=.{6})[0-9a-f]{6,64}$/.test(written) ? written : readCount(written)
}

async function pickFormer(
  which: number | string,
  row: PlanRow,
  project: Project,
): Promise<Outcome> {
  const { declared } = row
  const affected = dependentsOf([row], await plan(project))
  const recalled = await recall(project, declared.id, which).catch((error: unknown) => {
    throw isGeminiImageError(error) ? error.at(declared.place) : error
  })
  const { file, created, adopted, model } = recalled
  const dependents = await missingNow(affected, project)
  const text = paragraphs(
    `${labelOf(declared)} is ${file} again, ${model === ADOPTED ? 'adopted' : 'drawn'} ${created}.`,
    adopted !== undefined && model !== ADOPTED
      ? `It was generated for an earlier request, which its entry keeps: it counts as adopted. "npx gemini-image explain ${declared.name}" shows both.`
      : '',
    await tellWayBack(row, project, await plan(project)),
    tellDependents(dependents),
  )
  return { report: { picture: labelOf(declared), pinned: { file, created }, dependents }, text }
}

interface Picking {
  readonly project: Project
  readonly flags: PickFlags
  readonly terminal: Terminal
}

async function pickVariant(
  wanted: string,
  row: PlanRow,
  { project, flags, terminal }: Picking,
): Promise<Outcome> {
  const variants = await readVariants(project, row)
  const variant = variants.find(({ number }) => String(number) === wanted)
  const { id, place } = row.declared
  if (!variant || variants.length < 2) throw unknownVariant(wanted, row, variants.length)
  const edit = proposeEdit(project, id, { settings: { pick: variant.number } })
  const report = { picture: place.path, picked: variant, diff: edit.diff }
  if (flags.dryRun) return { report, text: `${edit.diff || 'Nothing would change.'}\n` }
  if (!(await mayEdit(edit, { project, flags, terminal }))) {
    return { report: { ...report, picked: undefined }, text: 'Nothing was changed.' }
  }
  await applyEdit(project, edit)
  const next = variant.file
    ? `It is ${variant.file}. "npx gemini-image prune" deletes the others.`
    : 'It is not drawn yet; "npx gemini-image generate" draws it.'
  return { report, text: `${place.path} picks variant ${variant.number}. ${next}` }
}

/**
 * Whether a file may be edited. Prompt files are ours; source code and content are their author's, who sees the edit first.
 * @throws {GeminiImageError} `INVALID_ARGUMENT` where nobody can be asked.
 */
async function mayEdit({ id, diff }: ProposedEdit, { flags, terminal }: Picking): Promise<boolean> {
  if (!isInlineId(id) || flags.yes || diff === '') return true
  if (terminal.isInteractive) {
    terminal.say(diff)
    return terminal.confirm('Make this edit?')
  }
  throw new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `This edit was not confirmed, and this is not a terminal.\n${diff}`,
    why: 'Nothing was changed.',
    fix: 'add --yes.',
  })
}

async function findRow(project: Project, name = ''): Promise<PlanRow> {
  const planned = await plan(project)
  return selectRow(name, [...planned.rows, ...planned.unusedRows], planned.problems)
}

async function readVariants(project: Project, { declared }: PlanRow): Promise<readonly Variant[]> {
  const { entries } = await project.lockfile.read()
  const { root, storeDir } = project.options
  const references = shownBy(declared.result.request)
  return variantsOf(declared, references).map(({ variant, fingerprint }) => {
    const entry = entries.get(fingerprint)
    const file = entry && path.relative(root, path.join(storeDir, entry.file))
    return { number: variant, isPicked: declared.spec.pick === variant, fingerprint, file }
  })
}

function notOneChoice(name = '', wanted: string | undefined): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what:
      wanted === undefined
        ? "missing required argument 'number' of a variant, or one of the options '--former' and '--draft'"
        : "the number of a variant cannot be used with option '--former' or '--draft'",
    why: 'Nothing was changed.',
    fix: `write the number of a variant, as in "npx gemini-image pick ${name} 2", or of a former picture, as in "npx gemini-image pick ${name} --former 1".`,
  })
}

function unknownVariant(wanted: string, { declared }: PlanRow, count: number): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `${labelOf(declared)} has no variant "${wanted}".`,
    fix:
      count > 1
        ? `write a number from 1 to ${count}.`
        : 'ask for "variants" in its declaration first.',
    place: declared.place,
  })
}
