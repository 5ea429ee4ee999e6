// oxlint-disable-next-line no-restricted-imports -- keeps answers in the cache and the temporary folder, under names of our own.
import { readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { openFiles } from '../kernel/files/files.ts'
import { findPrivateTemporary, makePrivateTemporary } from '../kernel/files/temporary.ts'
import { flushFolder, writeWhole } from '../kernel/files/write.ts'
import { formatDollars } from '../kernel/dollars.ts'
import { lifeOf, markOfThisProcess, processMarkSchema } from '../kernel/process-mark.ts'
import type { Description, ProviderResult } from '../providers/provider.ts'
import { countCalls } from './budget.ts'
import { ledgerLineSchema, unansweredLine, type LedgerLine, type PaidCall } from './ledger.ts'
import { timestamp } from './commit.ts'
import type { RunContext } from './context.ts'

/** An answer that was paid for. */
export interface Answered<Answer> {
  readonly result: Answer
  /** What it cost, in US dollars. */
  readonly cost: number
  /** When it came: an ISO 8601 date and time, UTC, to the second. */
  readonly answered: string
  /** What the ledger is to say of it; absent in records of earlier versions. */
  readonly line?: LedgerLine | undefined
}

/** What a call may cost, before it is made. */
export interface Requested {
  /** The most, in US dollars. */
  readonly most: number
  /** What it is for, as people are told: `src/hero.prompt.md:4:1`. */
  readonly what: string
  /** What it is, for the ledger; absent in records of earlier versions. */
  readonly call?: PaidCall | undefined
}

/** Whether the answer to a call that came at a time (ISO 8601) is pinned. */
export type IsPinned = (key: string, answered: string) => boolean

/** A call of a process that died before the answer came. */
interface Abandoned extends Requested {
  /** When it was made: an ISO 8601 date and time, UTC, to the second. */
  readonly requested: string
}

/**
 * What is known of each paid call, in a file of its own: `requested` before it is made, `answered` with all that came
 * before anything else is done with it, and no file once that has come where it belongs. A process may be killed at
 * any moment: the next one takes over what was answered. Use it only under the project lock.
 */
export interface Journal<Answer> {
  /**
   * A call is about to be made; resolves once that is on disk.
   * @param key The fingerprint, or whatever else stands for all that decides the answer.
   * @throws {GeminiImageError} `WRITE_FAILED`: the answer could not be kept either.
   */
  request(key: string, requested: Requested): Promise<void>
  /**
   * Keeps an answer; in the system's temporary folder, which often lies on another disk, where the cache folder
   * takes it no more.
   * @returns the file; `undefined` where neither takes it.
   */
  answer(key: string, answered: Answered<Answer>): Promise<string | undefined>
  /** The answer to a call whose process came no further. */
  find(key: string): Promise<Answered<Answer> | undefined>
  /** Every call that something is known of. */
  keys(): Promise<ReadonlySet<string>>
  /** Forgets a call: its answer is where it belongs, or none will come. */
  drop(key: string): Promise<void>
  /**
   * Calls of dead processes that were not answered: each may have been paid for. They are forgotten, and so is
   * what came where it belongs before its process died.
   * @param book Called for every call of a dead process, answered or not, before it is forgotten.
   * @param isPinned Whether the answer of a call is pinned. @default none is
   */
  takeAbandoned(
    book: (line: LedgerLine) => void,
    isPinned?: IsPinned,
  ): Promise<readonly Abandoned[]>
}

const bytes = z.codec(z.base64(), z.instanceof(Uint8Array), {
  decode: (text) => Buffer.from(text, 'base64'),
  encode: (value) => Buffer.from(value).toString('base64'),
})
const part = z.union([
  z.object({ text: z.string() }),
  z.object({ bytes, claimedType: z.string().optional() }),
])
const pictures = z.looseObject({
  parts: z.array(part),
  others: z.array(part).optional(),
  thoughts: z.array(part).optional(),
})

/** How an answer with pictures is written down. */
export const answeredPictures: z.ZodType<Answered<ProviderResult>> = answeredWith(
  pictures as unknown as z.ZodType<ProviderResult>,
)

/** The journal of calls for pictures. */
export function openPictureJournal(places: JournalPlaces): Journal<ProviderResult> {
  return openJournal(places, answeredPictures)
}

/** The journal of calls for drafts of alternative text. */
export function openDraftJournal(places: JournalPlaces): Journal<Description> {
  const description = z.looseObject({ text: z.string() })
  return openJournal(places, answeredWith(description as unknown as z.ZodType<Description>))
}

/** Where a journal lies. */
export interface JournalPlaces {
  readonly root: string
  readonly cacheDir: string
}

const requestedSchema = z.object({
  state: z.literal('requested'),
  requested: z.string(),
  by: processMarkSchema,
  most: z.number(),
  what: z.string(),
  call: z.looseObject({ call: z.string() }).optional() as unknown as z.ZodType<
    PaidCall | undefined
  >,
})

function answeredWith<Answer>(result: z.ZodType<Answer>): z.ZodType<Answered<Answer>> {
  const schema = z.object({
    cost: z.number(),
    answered: z.iso.datetime(),
    result,
    line: ledgerLineSchema.optional(),
  })
  return schema as unknown as z.ZodType<Answered<Answer>>
}

/** @param answeredSchema How an answer is written down. */
function openJournal<Answer>(
  { root, cacheDir }: JournalPlaces,
  answeredSchema: z.ZodType<Answered<Answer>>,
): Journal<Answer> {
  const folder = path.join(cacheDir, 'jobs')
  const fileOf = (key: string): string => path.join(folder, `${key}.json`)

  const write = async (key: string, record: object): Promise<string> => {
    const file = fileOf(key)
    await writeWhole(file, JSON.stringify(record))
    await flushFolder(folder)
    return file
  }

  const request = async (key: string, requested: Requested): Promise<void> => {
    const by = markOfThisProcess()
    await write(key, { state: 'requested', requested: timestamp(), by, ...requested })
  }

  const answer = async (key: string, given: Answered<Answer>): Promise<string | undefined> => {
    try {
      const record = { state: 'answered', ...(z.encode(answeredSchema, given) as object) }
      return await write(key, record).catch(async () => {
        await makePrivateTemporary(root)
        const file = await fileElsewhere(root, key)
        if (file === undefined) return undefined
        await writeWhole(file, JSON.stringify(record))
        await rm(fileOf(key), { force: true })
        return file
      })
    } catch {
      // Nothing takes it, or a provider of one's own gave what cannot be written down.
      return undefined
    }
  }

  const find = async (key: string): Promise<Answered<Answer> | undefined> => {
    for (const file of [fileOf(key), await fileElsewhere(root, key)]) {
      const { data } = z.safeDecode(answeredSchema, (await readJson(file)) as never)
      if (data) return data
    }
    return undefined
  }

  const drop = async (key: string): Promise<void> => {
    for (const file of [fileOf(key), await fileElsewhere(root, key)]) {
      // What stays is no worse than what is gone.
      if (file !== undefined) await rm(file, { force: true }).catch(() => undefined)
    }
  }

  const takeAbandoned: Journal<Answer>['takeAbandoned'] = async (book, isPinned = () => false) => {
    const abandoned: Abandoned[] = []
    await openFiles(cacheDir).sweep('cache', folder, (name) => name.endsWith('.json'))
    for (const name of await namesIn(folder)) {
      const file = path.join(folder, name)
      const record = await readJson(file)
      const { data } = requestedSchema.safeParse(record)
      const line = data ? lineOfDead(data) : lineOfAnswered(record)
      if (line) book(line)
      if (data ? lifeOf(data.by) === 'alive' : !isDone(record, name, isPinned)) continue
      if (data) abandoned.push(data)
      await rm(file, { force: true }).catch(() => undefined)
    }
    return abandoned
  }

  return { request, answer, find, keys: () => keysIn(folder, root), drop, takeAbandoned }
}

async function keysIn(folder: string, root: string): Promise<ReadonlySet<string>> {
  const elsewhere = await findPrivateTemporary(root)
  const names = [...(await namesIn(folder)), ...(await namesIn(elsewhere))]
  return new Set(names.map((name) => path.basename(name, '.json')))
}

async function namesIn(folder: string | undefined): Promise<readonly string[]> {
  return folder === undefined ? [] : readdir(folder).catch(() => [])
}

function lineOfAnswered(record: unknown): LedgerLine | undefined {
  return ledgerLineSchema.safeParse((Object(record) as { line?: unknown }).line).data
}

function lineOfDead({
  by,
  call,
  most,
  requested,
}: z.infer<typeof requestedSchema>): LedgerLine | undefined {
  return call && lifeOf(by) !== 'alive' ? unansweredLine(call, most, requested) : undefined
}

function isDone(record: unknown, name: string, isPinned: IsPinned): boolean {
  const { answered } = Object(record) as { answered?: unknown }
  return typeof answered === 'string' && isPinned(path.basename(name, '.json'), answered)
}

/**
 * Tells what calls of dead processes may have cost, and books what the ledger does not know of them.
 * @returns that, in US dollars.
 */
export async function tellAbandoned(
  journal: Pick<Journal<unknown>, 'takeAbandoned'>,
  { ledger, options: { logger } }: Pick<RunContext, 'ledger' | 'options'>,
  isPinned?: IsPinned,
): Promise<number> {
  const abandoned = await journal.takeAbandoned(ledger.book, isPinned)
  const most = abandoned.reduce((sum, one) => sum + one.most, 0)
  const lines = abandoned.map(
    (one) => `\n  ${one.what}  ${formatDollars(one.most)}  ${one.requested}`,
  )
  if (abandoned.length > 0) {
    logger.warn(
      `${countCalls(abandoned.length)} of a process that was killed may have been paid for, up to ${formatDollars(most)}, without an answer:${lines.join('')}`,
    )
  }
  return most
}

/** Where an answer lies that the cache folder did not take; `undefined` where there is no such place. */
async function fileElsewhere(root: string, key: string): Promise<string | undefined> {
  const temporary = await findPrivateTemporary(root)
  return temporary && path.join(temporary, `${key}.json`)
}

/** `undefined` where there is no file, or none that can be read. */
async function readJson(file: string | undefined): Promise<unknown> {
  if (file === undefined) return undefined
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined
  }
}
