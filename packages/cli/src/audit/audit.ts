import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { findTarget } from './address.ts'
import { missingCredits, scriptsOf, type Credit } from './credits.ts'
import { findDisclosure, type Disclosure } from './disclosure.ts'
import { readPage, type PagePlace } from './page.ts'
import { findSiteFiles, readImage, type Judge, type Judgement } from './shipped-images.ts'

/** An image of the site that is generated. */
interface AuditedImage {
  /** From the site's folder. */
  readonly file: string
  readonly judgement: Exclude<Judgement, { state: 'other' }>
}

/** A generated image as a page shows it. */
export interface PageImage {
  readonly place: PagePlace
  /** Its file, from the site's folder; `undefined` where it stands in the page itself. */
  readonly file: string | undefined
  readonly judgement: Exclude<Judgement, { state: 'other' }>
  /** How a machine can know that it is generated. */
  readonly machineReadable: 'label' | 'json-ld' | undefined
  /** What the provider wants to be shown beside it, and the page does not show. */
  readonly missingCredits: readonly Credit[]
}

/** A page that shows generated images. */
export interface AuditedPage {
  /** From the site's folder. */
  readonly file: string
  readonly images: readonly PageImage[]
  readonly visible: Disclosure | undefined
}

/** What an audit found. */
export interface Audit {
  /** Generated images. */
  readonly images: readonly AuditedImage[]
  /** How many images nothing calls generated. */
  readonly others: number
  /** Pages that show generated images. */
  readonly pages: readonly AuditedPage[]
  /** How many pages there are in all. */
  readonly pageCount: number
}

/** Looks through a built site. @param disclosure A text that counts as a visible disclosure. */
export async function auditSite(dir: string, judge: Judge, disclosure?: string): Promise<Audit> {
  const files = await findSiteFiles(dir)
  const judgements = new Map<string, Judgement>()
  for (const file of files.images) judgements.set(file, await judge(await readImage(dir, file)))
  const images = [...judgements].flatMap(([file, judgement]): AuditedImage[] =>
    judgement.state === 'other' ? [] : [{ file, judgement }],
  )
  const isInScript = scriptsOf(dir, files.scripts)
  const pages: AuditedPage[] = []
  for (const file of files.pages) {
    const page = await auditPage(dir, file, { judgements, judge, disclosure, isInScript })
    if (page.images.length > 0) pages.push(page)
  }
  const others = judgements.size - images.length
  return { images, others, pages, pageCount: files.pages.length }
}

interface Known {
  readonly judgements: ReadonlyMap<string, Judgement>
  readonly judge: Judge
  readonly disclosure: string | undefined
  readonly isInScript: (address: string) => Promise<boolean>
}

async function auditPage(
  dir: string,
  file: string,
  { judgements, judge, disclosure, isInScript }: Known,
): Promise<AuditedPage> {
  const page = readPage(await readFile(path.join(dir, file), 'utf8'))
  const names = new Set(judgements.keys())
  const fileOf = (address: string): string | undefined => {
    const target = findTarget(address, file, names)
    return target?.kind === 'file' ? target.file : undefined
  }
  const disclosed = new Set(page.disclosed.map(fileOf))
  const images: PageImage[] = []
  const seen = new Set<string>()
  const keyOf = (address: string): string => fileOf(address) ?? address
  const visible = new Set(
    page.images.filter(({ isSeen }) => isSeen).map((one) => keyOf(one.address)),
  )
  for (const { address, place } of page.images) {
    const target = findTarget(address, file, names)
    const key = keyOf(address)
    if (!target || seen.has(key)) continue
    seen.add(key)
    const image = target.kind === 'file' ? target.file : undefined
    const judgement =
      target.kind === 'file' ? judgements.get(target.file) : await judge(target.bytes)
    if (!judgement || judgement.state === 'other') continue
    const inData = image !== undefined && disclosed.has(image) ? 'json-ld' : undefined
    const machineReadable = judgement.state === 'labelled' ? 'label' : inData
    const { grounding } = judgement
    const missing =
      grounding && visible.has(key) ? await missingCredits(grounding, page.links, isInScript) : []
    images.push({ place, file: image, judgement, machineReadable, missingCredits: missing })
  }
  return { file, images, visible: findDisclosure(page, disclosure) }
}
