import { readFile, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import {
  GeminiImageError,
  isGeminiImageError,
  type Plan,
  type PlanRow,
  type Project,
} from '@gemini-image/core'
import { resultsOf, formatDollars, writeWhole } from '@gemini-image/core/internal'
import { Images } from './images.ts'
import { problemsOf } from './overview.ts'
import { detailsOfGone, detailsOfRows, type GonePicture, type ShownChange } from './page-content.ts'
import { PAGE } from './page-folder.ts'
import type {
  Money,
  Overview,
  PictureDetails,
  PictureItem,
  Written,
  WrittenPage,
} from './protocol.ts'

/** What a page shows. */
export interface PageContent {
  readonly written: Written
  /** Declared pictures, in their order. */
  readonly rows: readonly PlanRow[]
  /** What has become of them, by id. */
  readonly changes: ReadonlyMap<string, ShownChange>
  readonly gone: readonly GonePicture[]
  /** What the branch has paid, in words. */
  readonly paid: string | undefined
}

/** What was written. */
export interface PageSummary {
  readonly pictures: readonly PictureDetails[]
}

/** What tells a folder that we wrote from one that holds something else. */
const DATA = 'data.js'

/**
 * Writes a page that needs no server: `index.html` opens from the disk and from any folder of any host.
 * @param folder Absolute. What an earlier page has left there is removed.
 * @throws {GeminiImageError} `INVALID_ARGUMENT` where the folder holds something else.
 */
export async function writePage(
  folder: string,
  content: PageContent,
  { plan, project }: { readonly plan: Plan; readonly project: Project },
): Promise<PageSummary> {
  await assertOurs(folder)
  const images = new Images()
  const around = { plan, project, images }
  const declared = await detailsOfRows(content.rows, around, content.changes)
  const gone: PictureDetails[] = []
  for (const one of content.gone) gone.push(await detailsOfGone(one, project, images))
  const pictures = withOwnIds([...declared, ...gone])
  const copied = await copyImages(folder, pictures, project, images)
  const overview: WrittenPage['overview'] = {
    name: path.basename(project.options.root),
    canGenerate: 'This page was written down once.',
    generatesOnSave: false,
    pictures: pictures.map(toItem),
    problems: [...problemsOf(plan), ...copied.problems],
    money: await moneyOf(content, plan, project),
    written: content.written,
  }
  const details = Object.fromEntries(pictures.map((one) => [one.id, one]))
  const page: WrittenPage = { overview, details, files: copied.files }
  await writeWhole(path.join(folder, DATA), dataScript(page, copied.files))
  await writeShell(folder)
  return { pictures }
}

async function assertOurs(folder: string): Promise<void> {
  const names = await readdir(folder).catch((): string[] => [])
  if (names.length === 0 || names.includes(DATA)) return
  throw new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `${folder} holds files that are none of a page of ours.`,
    why: 'Nothing was written.',
    fix: 'name a folder that is empty or not there yet.',
  })
}

/** No path of this machine is an id on a page that is read elsewhere; links lead only to what is on it. */
function withOwnIds(all: readonly PictureDetails[]): readonly PictureDetails[] {
  const ids = new Map<string, string>()
  const taken = new Set<string>()
  for (const { id, label } of all) {
    let own = label
    for (let number = 2; taken.has(own); number++) own = `${label} (${number})`
    taken.add(own)
    ids.set(id, own)
  }
  return all.map((one) => ({
    ...one,
    id: ids.get(one.id) ?? one.label,
    references: one.references.map((other) => ({ ...other, id: ids.get(other.id ?? '') })),
    referredBy: one.referredBy.flatMap((other) => {
      const id = ids.get(other.id)
      return id === undefined ? [] : [{ ...other, id }]
    }),
  }))
}

/** What the list has no use for. */
const OF_DETAILS: ReadonlySet<string> = new Set([
  'turns',
  'settings',
  'choices',
  'former',
  'references',
  'referredBy',
  'usedIn',
  'can',
] satisfies (keyof PictureDetails)[])

function toItem(details: PictureDetails): PictureItem {
  const own = Object.entries(details).filter(([key]) => !OF_DETAILS.has(key))
  return Object.fromEntries(own) as unknown as PictureItem
}

interface Copied {
  /** How the files end, by key. */
  readonly files: Record<string, string>
  readonly problems: Overview['problems']
}

/** Writes each picture once, whole and small, one after another: a thousand take no more memory than one. */
async function copyImages(
  folder: string,
  pictures: readonly PictureDetails[],
  project: Project,
  images: Images,
): Promise<Copied> {
  const files: Record<string, string> = {}
  const problems: Overview['problems'][number][] = []
  for (const picture of pictures) {
    for (const key of keysIn(picture)) {
      if (key in files) continue
      try {
        const [whole, small] = [
          await images.original(key),
          await images.thumbnail(key, 640, project),
        ]
        if (!whole || !small) continue
        const ending = whole.type.replace(/^image\/(?:jpeg$)?/, '') || 'jpg'
        await writeWhole(path.join(folder, 'images', `${key}.${ending}`), whole.bytes)
        await writeWhole(path.join(folder, 'thumbnails', `${key}.webp`), small.bytes)
        files[key] = ending
      } catch (error) {
        if (!isGeminiImageError(error) || error.code === 'WRITE_FAILED') throw error
        problems.push({ message: error.message, place: picture.place })
      }
    }
  }
  await removeOthers(folder, files)
  return { files, problems }
}

/** All pictures that are shown anywhere of one. */
function keysIn(picture: PictureDetails): ReadonlySet<string> {
  const keys = new Set<string>()
  JSON.stringify(picture, (_, value: unknown) => {
    if (isImage(value)) keys.add(value.key)
    return value
  })
  return keys
}

function isImage(value: unknown): value is { readonly key: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'key' in value &&
    'width' in value &&
    typeof value.key === 'string' &&
    /^[0-9a-f]{64}$/.test(value.key)
  )
}

/** What an earlier page has shown. */
async function removeOthers(folder: string, files: Copied['files']): Promise<void> {
  for (const name of ['images', 'thumbnails']) {
    const at = path.join(folder, name)
    const there = await readdir(at).catch((): string[] => [])
    const old = there.filter((file) => {
      const [key = ''] = file.split('.')
      return /^[0-9a-f]{64}\.\w+$/.test(file) && !(key in files)
    })
    await Promise.all(old.map((file) => rm(path.join(at, file))))
  }
}

/** A script in the place of a JSON file: pages on a disk may fetch nothing. No scan of a source takes it for imports. */
function dataScript(page: WrittenPage, files: Copied['files']): string {
  const json = JSON.stringify(page, (_, value: unknown) =>
    isImage(value) && !(value.key in files) ? undefined : value,
  )
  const inert = json.replaceAll('<', String.raw`\u003c`).replaceAll('?', String.raw`\u003f`)
  return `globalThis.geminiImageStudio = ${inert}\n`
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** The studio's own page. On a disk, browsers run scripts, but no modules. */
async function writeShell(folder: string): Promise<void> {
  const html = await readFile(path.join(PAGE, 'index.html'), 'utf8')
  const assets = await readdir(path.join(PAGE, 'assets'))
  await Promise.all(
    assets.map(async (name) => {
      const bytes = await readFile(path.join(PAGE, 'assets', name))
      const isScript = name.endsWith('.js')
      const content = isScript ? `(() => {'use strict';\n${bytes.toString()}\n})()\n` : bytes
      await writeWhole(path.join(folder, 'assets', name), content)
    }),
  )
  await removeOldAssets(folder, assets)
  const still = html
    .replace(
      /<script type="module" crossorigin (src="[^"]*")/,
      `<script src="./${DATA}"></script>\n    <script defer $1`,
    )
    .replaceAll(' crossorigin', '')
    .replace(
      '<meta charset="utf-8" />',
      `<meta charset="utf-8" />\n    <meta http-equiv="Content-Security-Policy" content="${POLICY}" />\n    <meta name="robots" content="noindex" />`,
    )
  await writeWhole(path.join(folder, 'index.html'), still)
}

/** Those of another version. */
async function removeOldAssets(folder: string, assets: readonly string[]): Promise<void> {
  const at = path.join(folder, 'assets')
  const old = (await readdir(at)).filter(
    (name) => /^(?:index|icon)-[\w-]+\.(?:js|css|svg)$/.test(name) && !assets.includes(name),
  )
  await Promise.all(old.map((name) => rm(path.join(at, name))))
}

async function moneyOf(
  { written, paid }: PageContent,
  plan: Plan,
  project: Project,
): Promise<Money> {
  const none = { today: undefined, month: undefined, missing: undefined }
  if (written.what === 'changes') return { ...none, branch: paid }
  const { texts } = await project.lockfile.read()
  const results = [
    ...[...plan.pinned.values()].flatMap((entry) => resultsOf(entry)),
    ...[...texts.values()].flatMap((text) => resultsOf(text)),
  ]
  const sum = results.reduce((all, { cost }) => all + cost, 0)
  return { ...none, branch: paid, pinned: formatDollars(sum) }
}
