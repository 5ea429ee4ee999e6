import path from 'node:path'
import { GeminiImageError, isGeminiImageError, plan, type Project } from '@gemini-image/core'
import {
  adoptFile,
  labelOf,
  openFiles,
  SOURCE_TYPES,
  type SourceType,
} from '@gemini-image/core/internal'
import { Option, type Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { paragraphs } from '../output/table.ts'
import { openProject } from '../project/open-project.ts'
import { selectRow } from '../project/select.ts'
import { dependentsOf, missingNow, tellDependents, tellWayBack } from './dependents.ts'

interface AdoptFlags {
  readonly source?: SourceType
}

/** `gemini-image adopt`: a picture of one's own in the place of a generated one. */
export function adoptCommand(): Command {
  return command<AdoptFlags>(
    'adopt <picture> <file>',
    'pin a hand-made or licensed picture in the place of a generated one; needs no key, and spends nothing',
    runAdopt,
  ).addOption(
    new Option(
      '--source <type>',
      'how it came about, as IPTC calls it (default: what the file says of itself, or else digitalCreation)',
    ).choices(SOURCE_TYPES),
  )
}

async function runAdopt({ args, flags, terminal }: Input<AdoptFlags>): Promise<Outcome> {
  const [name = '', file = ''] = args
  const project = await openProject(flags, terminal)
  const planned = await plan(project)
  const row = selectRow(name, [...planned.rows, ...planned.unusedRows], planned.problems)
  const { declared } = row
  const affected = dependentsOf([row], planned)
  const picture = { bytes: await readFile(file), name: path.basename(file), source: flags.source }
  const { entry, hints } = await adoptFile(declared, picture, project).catch((error: unknown) => {
    throw isGeminiImageError(error) ? error.at(declared.place) : error
  })
  const dependents = await missingNow(affected, project)
  const { digitalSourceType, width, height } = entry
  const pinned = { file: entry.file, adopted: entry.adopted, digitalSourceType, width, height }
  const text = paragraphs(
    `${labelOf(declared)} is ${entry.file}, adopted from ${picture.name}. Its label says ${digitalSourceType}.`,
    ...hints,
    tellNotShared(project),
    await tellWayBack(row, project, await plan(project)),
    tellDependents(dependents),
  )
  return { report: { picture: labelOf(declared), pinned, hints, dependents }, text }
}

/** Machines that have only what git carries fetch pictures from the shared store. */
function tellNotShared({ options: { shared } }: Project): string {
  return shared?.readonly
    ? `It was not uploaded: ${shared.store.name} is only read here. "npx gemini-image generate" uploads it where it may be written to.`
    : ''
}

/** A person names the file, wherever it lies; the rules for its kind hold there as well. */
async function readFile(file: string): Promise<Uint8Array> {
  const named = path.resolve(file)
  const bytes = await openFiles(path.dirname(named)).readBytes('adopted', named)
  if (bytes) return bytes
  throw new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `There is no file ${file}.`,
    fix: 'write the path of a JPEG, PNG or WebP picture, from here.',
  })
}
