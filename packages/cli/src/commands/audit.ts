import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { GeminiImageError } from '@gemini-image/core'
import type { Command } from 'commander'
import { auditSite, type Audit, type AuditedPage, type PageImage } from '../audit/audit.ts'
import { openJudge, type Judgement } from '../audit/shipped-images.ts'
import { command, type Input, type Outcome } from '../command.ts'
import { count, paragraphs } from '../output/table.ts'
import { openProject } from '../project/open-project.ts'

interface AuditFlags {
  readonly strict?: boolean
  readonly disclosure?: string
}

/** Where hosts put what they build, the most telling first. */
const OUTPUTS = ['dist', 'build', 'out', '.output/public', '.next'] as const

/** `gemini-image audit`: what a built site says of its generated images. */
export function auditCommand(): Command {
  return command<AuditFlags>(
    'audit [dir]',
    'check a built site: which images are generated, which have lost their label, which pages disclose and credit them',
    runAudit,
  )
    .option(
      '--strict',
      'fail where a page shows generated images and tells people nothing of it, or shows none of their credits',
    )
    .option(
      '--disclosure <text>',
      'text that counts as a visible disclosure, in place of our own list',
    )
}

async function runAudit({ args, flags, terminal }: Input<AuditFlags>): Promise<Outcome> {
  const project = await openProject(flags, terminal, { looksOnly: true })
  const dir = siteDir(args[0], project.options.root)
  const audit = await auditSite(dir, await openJudge(project), flags.disclosure)
  const silent = audit.pages.filter(({ visible }) => !visible)
  const hasLost = [...audit.images, ...audit.pages.flatMap(({ images }) => images)].some(
    ({ judgement }) => judgement.state === 'unlabelled',
  )
  const isUncredited = audit.pages.some(({ images }) => images.some(lacksCredits))
  const fails = hasLost || (Boolean(flags.strict) && (silent.length > 0 || isUncredited))
  const shown = path.relative(process.cwd(), dir) || '.'
  return { report: toReport(audit), text: toText(audit, shown), exitCode: fails ? 1 : 0 }
}

function lacksCredits({ missingCredits }: PageImage): boolean {
  return missingCredits.length > 0
}

/** @throws {GeminiImageError} `INVALID_ARGUMENT` where there is no such folder. */
function siteDir(named: string | undefined, root: string): string {
  const usual = OUTPUTS.map((name) => path.join(root, name)).find((dir) => existsSync(dir))
  const dir = named === undefined ? usual : path.resolve(named)
  if (dir && statSync(dir, { throwIfNoEntry: false })?.isDirectory()) return dir
  throw new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: dir ? `There is no folder ${named}.` : `There is no built site in ${root}.`,
    fix: 'build the site first, then name its folder: npx gemini-image audit dist.',
  })
}

function toReport({ images, others, pages, pageCount }: Audit): object {
  return {
    images: images.map(({ file, judgement }) => ({ file, ...flat(judgement) })),
    otherImages: others,
    pages: pages.map(({ file, images: shown, visible }) => ({
      file,
      images: shown.map(({ place, file: image, judgement, machineReadable, missingCredits }) => ({
        ...place,
        file: image ?? null,
        ...flat(judgement),
        machineReadable: machineReadable ?? null,
        ...(judgement.grounding && { missingCredits }),
      })),
      visible: visible ? { ...visible.place, text: visible.text } : null,
    })),
    pageCount,
  }
}

function flat(judgement: Judgement): object {
  if (judgement.state === 'other') return judgement
  const { grounding: _, ...rest } = judgement
  return rest.state === 'labelled' ? { state: rest.state, ...rest.label } : rest
}

function toText(audit: Audit, dir: string): string {
  const { images, others, pages, pageCount } = audit
  const lost = images.filter(({ judgement }) => judgement.state === 'unlabelled')
  const at = (page: AuditedPage, { place }: PageImage): string =>
    `${dir}/${page.file}:${place.line}:${place.column}`
  const inPages = (keep: (image: PageImage) => boolean): string[] =>
    pages.flatMap((page) =>
      page.images
        .filter(keep)
        .map((one) => `  ${at(page, one)}  ${one.file ?? 'in the page itself'}`),
    )
  const embedded = inPages((one) => one.file === undefined && one.judgement.state === 'unlabelled')
  const unreadable = inPages(({ machineReadable }) => !machineReadable)
  const silent = pages.filter(({ visible }) => !visible)
  const uncredited = pages.flatMap((page) =>
    page.images
      .filter(lacksCredits)
      .map(
        (one) =>
          `  ${at(page, one)}  ${one.file ?? 'in the page itself'}: ${one.missingCredits.join(' and ')}`,
      ),
  )
  return paragraphs(
    `${count(images.length, 'generated image')} in ${dir}, of which ${images.length - lost.length} say so; nothing calls ${count(others, 'other image')} generated. Of ${count(pageCount, 'page')}, ${pages.length} show generated images.`,
    section(
      'without a label:',
      [...lost.map(({ file, judgement }) => `  ${dir}/${file}${originOf(judgement)}`), ...embedded],
      'A tool that encodes them again strips it; "npx gemini-image label" labels originals that were drawn before there were labels.',
    ),
    section(
      'shown, and no machine can tell:',
      unreadable,
      'JSON-LD with digitalSourceType would say so as well.',
    ),
    section(
      'pages that show generated images, and no visible word of it:',
      silent.map(
        ({ file, images: [first] }) =>
          `  ${dir}/${file}:${first?.place.line ?? 1}:${first?.place.column ?? 1}`,
      ),
      'Say it where people see it; --disclosure <text> names the text that you use.',
    ),
    section(
      'of looked-up data, without what its provider wants to be shown beside it:',
      uncredited,
      'Show <GeneratedImageCredits of={grounding}> on the page, or the HTML of creditsHtml({ of: grounding }).',
    ),
  )
}

function originOf(judgement: Judgement): string {
  if (judgement.state !== 'unlabelled') return ''
  const { object, likeness } = judgement
  return likeness === 1 ? `  is ${object}` : `  looks like ${object} (${likeness.toFixed(2)})`
}

function section(title: string, lines: readonly string[], hint: string): string {
  return lines.length > 0 ? [`${lines.length} ${title}`, ...lines, hint].join('\n') : ''
}
