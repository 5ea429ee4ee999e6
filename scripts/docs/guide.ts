import path from 'node:path'
import { placeOf, sentBySamples } from '../../test/capabilities/guide/ask.ts'
import { DIFFERENCES, translate } from '../../test/capabilities/guide/differences.ts'
import {
  VERSIONS,
  type Asked,
  type Holder,
  type LineName,
  type Print,
  type SampleRow,
  type SectionRow,
} from '../../test/capabilities/guide/guide.ts'
import { LIMITS } from '../../test/capabilities/guide/limits.ts'
import { SAMPLES } from '../../test/capabilities/guide/samples.ts'
import { TEMPLATE_SLOTS } from '../../test/capabilities/guide/slots.ts'
import { SECTIONS } from '../../test/capabilities/guide/sections.ts'
import { anchor, table } from './markdown.ts'

const WIRE = 'test/capabilities/guide/wire.test.ts'
const COMPLETE = 'test/capabilities/guide/guide.test.ts'

const VERSIONS_SAY = `Each version has a number, the newest \`000\`, and each line of its text a name such as \`000:42\`.
${fileLink(COMPLETE)} makes sure that no heading, sample or figure is passed over.`

const SAMPLES_SAY = `Each sample in each of its languages, and the declaration that stands for it: its settings besides the model. ${fileLink(WIRE)}
asks both and holds the requests against each other; the last column names each [difference](#where-requests-differ) but those of notation.
Where versions set different things, the settings are those of the newest. A sample in Java or Go, and one behind a tab that a version
does not show, is the same request.`

/** The tables of what the guide says, line by line. */
export async function guideTables(): Promise<readonly string[]> {
  const sent = await sentBySamples()
  return [
    '## The guide, line by line',
    VERSIONS_SAY,
    table(
      ['version', 'known by', 'its samples ask', 'holds'],
      VERSIONS.map(({ version, knownBy, api, holds }) => [`\`${version}\``, knownBy, api, holds]),
    ),
    '### Sections',
    table(['says', 'where', 'here'], SECTIONS.map(sectionRow)),
    '### Code samples',
    SAMPLES_SAY,
    table(
      ['shows', 'where', 'capability', 'declared with', 'differs by'],
      SAMPLES.map((sample) => sampleRow(sample, sent)),
    ),
    '### Templates',
    'The brackets in the guide’s templates, in order, with the slot or setting that holds each. Their words are our own.',
    table(
      ['template', 'where', 'slots'],
      TEMPLATE_SLOTS.map(({ template, at, slots }) => [
        `[${template}](templates.md${anchor(template)})`,
        where(at),
        slots.map((slot) => `\`${slot}\``).join(', '),
      ]),
    ),
    '### Limits',
    table(
      ['says', 'where', 'held by', 'test'],
      LIMITS.map(({ says, at, heldBy, tests }) => [
        says,
        where(at),
        heldBy.map(holderLink).join(', '),
        tests.map(fileLink).join(', '),
      ]),
    ),
    '### Where requests differ',
    'Words of a sample, the words that are sent in their place, and why. Nothing else differs.',
    differencesTable(DIFFERENCES.filter(({ isNotation }) => !isNotation)),
    'Some differ in notation alone:',
    differencesTable(DIFFERENCES.filter(({ isNotation }) => isNotation)),
  ]
}

function differencesTable(differences: typeof DIFFERENCES): string {
  return table(
    ['name', 'in a sample, and here', 'why'],
    differences.map(({ id, what, why }) => [`\`${id}\``, what, why]),
  )
}

export function capabilityLink(title: string): string {
  return `[${title}](${anchor(title)})`
}

export function fileLink(file: string): string {
  return `[${path.basename(file)}](../${file})`
}

function sectionRow({ says, at, done = [], instead }: SectionRow): string[] {
  const here = instead ?? done.map(capabilityLink).join(', ')
  return [says, where(at), here]
}

function sampleRow(
  { shows, as, prints, test }: SampleRow,
  sent: ReadonlyMap<Asked, object>,
): string[] {
  const asked = prints.flatMap(({ asks }) => asks ?? [])
  const { settings = [], images = [], imagesFirst } = asked[0]?.declared ?? {}
  const declared = [...settings, ...(imagesFirst ? images.map(placeOf) : [])]
  const differs = new Set(asked.flatMap((one) => translate(sent.get(one) ?? {}, one).differs))
  const names = DIFFERENCES.flatMap(({ id, isNotation }) =>
    differs.has(id) && !isNotation ? `\`${id}\`` : [],
  )
  return [
    shows,
    wherePrinted(prints),
    capabilityLink(as),
    declared.map((line) => `\`${line.replace('NEXT', '…')}\``).join('<br>'),
    test === undefined ? names.join(', ') : `no request: ${fileLink(test)}`,
  ]
}

/** `000:373, 376 · 002:146`. */
function where(at: readonly LineName[]): string {
  const byVersion = Map.groupBy(at, (name) => name.slice(0, 3))
  return [...byVersion.values()]
    .map(([first = '', ...more]) => [first, ...more.map((name) => name.slice(4))].join(', '))
    .join(' · ')
}

/** `000:44 Python, 68 JavaScript, 102 REST · 001:36 Python, JavaScript`: tabs stand side by side. */
function wherePrinted(prints: readonly Print[]): string {
  const byVersion = Map.groupBy(prints, ({ version }) => version)
  return [...byVersion]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([version, all]) => {
      const labels = new Map(
        all.flatMap(({ lines }) => Object.entries(lines).map(([label, line]) => [line, label])),
      )
      const sorted = [...labels].toSorted(([one], [other]) => one - other)
      const named = sorted.map(([line, label]) =>
        labels.has(line - 1) ? label : `${line} ${label}`,
      )
      return `${version}:${named.join(', ').replaceAll('Javascript', 'JavaScript')}`
    })
    .join(' · ')
}

function holderLink(holder: Holder): string {
  if ('error' in holder) return `[\`${holder.error}\`](errors.md#${holder.error.toLowerCase()})`
  if ('lint' in holder) return `[lint: \`${holder.lint}\`](prompts.md#checking-them)`
  if ('setting' in holder) return `[\`${holder.setting}\`](declarations.md#all-settings)`
  if ('docs' in holder) return `[${holder.docs}](${holder.docs})`
  return `[catalogue](models.md): \`${holder.catalogue}\``
}
