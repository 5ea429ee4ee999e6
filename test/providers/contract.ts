import { createHash } from 'node:crypto'
import type { Options, ProviderDefinition } from '@gemini-image/core'
import {
  DEFAULT_PROVIDER,
  findModel,
  resolveOptions,
  type Logger,
  type ResolvedOptions,
} from '@gemini-image/core/internal'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { importing, prompting, thrownBy } from '../errors/stage.ts'
import { drive, type Driver } from '../support/driver.ts'
import { createSite, type Site } from '../support/site.ts'

/** What a server does with the next request for a picture in place of answering it well. */
export type Mishap =
  /** Answers that it will not, at a cost. */
  | 'refuses'
  /** Answers well, and does not say what that cost. */
  | 'counts nothing'
  /** Answers that it can't just now. */
  | 'is overloaded'
  /** Answers that there were too many requests. */
  | 'is asked too often'
  /** Cuts the connection before its answer is whole. */
  | 'breaks off'
  /** Never answers. */
  | 'hangs'
  /** Does not know the model. */
  | 'knows no such model'
  /** Answers well, and repeats every credential that it was sent. */
  | 'echoes'

/** A request for a picture as a server got it. */
export interface AskedPicture {
  readonly prompt: string
  /** SHA-256 of the images that came along, in hex, in order. */
  readonly images: readonly string[]
}

/** A provider beside a server of its own. */
export interface Contestant {
  readonly definition: ProviderDefinition
  /** How a project asks for it; empty for the default. */
  readonly options: Options
  /** Variables that lead to the server. */
  readonly env: Readonly<Record<string, string>>
  /** Whether answers may hold text beside the picture. @default true */
  readonly answersInText?: boolean
  /** What must be in nothing that is written or told. */
  readonly secrets: readonly string[]
  /** The same variables with credentials that the server does not accept. */
  readonly badEnv: Readonly<Record<string, string>>
  /** Every request for a picture that reached the server, in order. */
  asked(): readonly AskedPicture[]
  happen(mishap: Mishap): void
}

interface Round {
  readonly contestant: Contestant
  readonly site: Site
  /** Every line that was logged. */
  readonly log: string[]
  resolve(options?: Options, env?: Readonly<Record<string, string>>): ResolvedOptions
  driver(options?: Options, env?: Readonly<Record<string, string>>): Driver
  fail(options?: Options, env?: Readonly<Record<string, string>>): Promise<ContractError>
}

interface ContractError {
  readonly code: string
  readonly message: string
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function begin(
  start: () => Promise<Contestant>,
  files: Readonly<Record<string, string>>,
): Promise<Round> {
  const [contestant, site] = await Promise.all([start(), createSite(files)])
  const log: string[] = []
  const note = (line: string): void => void log.push(line)
  const logger: Logger = { info: note, warn: note }
  const resolve: Round['resolve'] = (options, env = contestant.env) =>
    resolveOptions(
      { retryDelay: 5, ...contestant.options, ...options },
      { hostRoot: site.root, env, logger },
    )
  const driver: Round['driver'] = (options, env) => drive(resolve(options, env))
  return {
    contestant,
    site,
    log,
    resolve,
    driver,
    // What is wrong with credentials may be told when they are read.
    fail: async (options, env) =>
      (await thrownBy(async () => driver(options, env).prepare())) as ContractError,
  }
}

const ONE = { 'main.js': importing('hero'), 'hero.prompt.md': prompting('aspectRatio: "16:9"') }

/**
 * What every provider promises, held against a server of its own.
 * @param start Starts a server that is gone when the test ends.
 */
export function keepsTheContract(start: () => Promise<Contestant>): void {
  describe('its catalogue', () => {
    catalogueContract(start)
  })
  describe('what it does not have', () => {
    surplusContract(start)
  })
  describe('a picture', () => {
    pictureContract(start)
  })
  describe('a mishap', () => {
    mishapContract(start)
  })
  describe('a call without an end', () => {
    endlessContract(start)
  })
  describe('its credentials', () => {
    credentialsContract(start)
  })
}

function catalogueContract(start: () => Promise<Contestant>): void {
  test('is whole: each name leads to a row, and each row says where it was read', async () => {
    const { definition } = await start()
    const { catalogue, version, id, words } = definition
    expect({ version, id }).toEqual({ version: 1, id: expect.stringMatching(/^[a-z][a-z-]*$/) })
    expect(words.company).not.toBe('')
    expect(findModel(catalogue.defaultModel, catalogue)).toBeDefined()
    const { models, aliases } = catalogue
    const names = [...models.map((row) => row.id), ...aliases.map((row) => row.alias)]
    expect(new Set(names).size).toBe(names.length)
    for (const { candidates } of aliases) {
      for (const candidate of candidates) expect(findModel(candidate, catalogue)).toBeDefined()
    }
    for (const { source, asOf, price, sizes } of models) {
      expect(source).toMatch(/^https:/)
      expect(asOf).toMatch(/^\d{4}-\d\d-\d\d$/)
      expect(Object.keys(sizes)).not.toEqual([])
      // A price that nobody knows has a ceiling: nothing is free.
      expect(price.imageOut + (price.picture ?? 0) + (price.ceiling ?? 0)).toBeGreaterThan(0)
    }
  })
}

function surplusContract(start: () => Promise<Contestant>): void {
  test('is refused where it is an API, before anybody is asked', async () => {
    const round = await begin(start, {
      ...ONE,
      'hero.prompt.md': prompting('transport: telepathy'),
    })
    expect(await round.fail()).toMatchObject({ code: 'INVALID_VALUE' })
    expect(await round.fail({ transport: 'telepathy' })).toMatchObject({ code: 'INVALID_OPTION' })
    expect(round.contestant.asked()).toEqual([])
    for (const transport of round.contestant.definition.catalogue.transports ?? []) {
      expect(round.resolve({ transport }).provider).toBeDefined()
    }
  })

  test('is refused where it is a setting of another provider', async () => {
    const settings = { personGeneration: 'none', prominentPeople: 'block' }
    for (const [name, value] of Object.entries(settings)) {
      const round = await begin(start, {
        ...ONE,
        'hero.prompt.md': prompting(`${name}: ${value}`),
      })
      const { takes = [] } = round.contestant.definition.catalogue
      const error = await round.fail({ mode: 'frozen' })
      const isTaken = takes.some((taken) => taken === name)
      expect(error.code).toBe(isTaken ? 'MISSING_PICTURE' : 'UNSUPPORTED_SETTING')
      expect(round.contestant.asked()).toEqual([])
    }
  })
}

function pictureContract(start: () => Promise<Contestant>): void {
  test('comes of a text, in the size that the catalogue promises, and is paid for once', async () => {
    const round = await begin(start, ONE)
    const { generated, spent } = await round.driver().prepare()
    expect({ generated, paid: spent > 0 }).toEqual({ generated: 1, paid: true })
    expect(round.contestant.asked()).toEqual([{ prompt: 'A lighthouse', images: [] }])
    // Only where it is not the default does the lockfile say who answered.
    const said = /"provider":"([^"]*)"/.exec(await round.site.read('gemini-image.lock'))?.[1]
    const { id } = round.contestant.definition
    expect(said ?? DEFAULT_PROVIDER.id).toBe(id)
    expect(said).not.toBe(DEFAULT_PROVIDER.id)
    const driver = round.driver()
    expect(await driver.prepare()).toMatchObject({ generated: 0, spent: 0 })
    const { file, width, height } = await driver.image(round.site.path('hero.prompt.md'))
    expect(await sharp(file).metadata()).toMatchObject({ width, height })
    expect(width / height).toBeCloseTo(16 / 9, 1)
    expect(round.contestant.asked()).toHaveLength(1)
  })

  test('is looked at as a reference, byte by byte', async () => {
    const image = await sharp({
      create: { width: 64, height: 48, channels: 3, background: '#a04020' },
    })
      .png()
      .toBuffer()
    const round = await begin(start, {
      'main.js': importing('hero'),
      'hero.prompt.md': prompting('references: [./cup.png]'),
    })
    await round.site.write('cup.png', image)
    await round.driver().prepare()
    expect(round.contestant.asked()).toEqual([
      { prompt: expect.stringContaining('A lighthouse'), images: [sha256(image)] },
    ])
  })

  test('is what the next turn changes', async () => {
    const round = await begin(start, {
      'main.js': importing('hero'),
      'hero.prompt.md': prompting('turns: [Make it night]'),
    })
    expect(await round.driver().prepare()).toMatchObject({ generated: 1 })
    const [first, second] = round.contestant.asked()
    expect(first?.images).toEqual([])
    expect(second?.prompt).toContain('Make it night')
    expect(second?.images).toHaveLength(1)
  })

  test('is never generated in a frozen build, and the error says what would be needed', async () => {
    const round = await begin(start, ONE)
    const { code, message } = await round.fail({ mode: 'frozen' })
    expect(code).toBe('MISSING_PICTURE')
    expect(message).toContain(round.contestant.definition.credentials.variable)
    expect(round.contestant.asked()).toEqual([])
  })
}

function mishapContract(start: () => Promise<Contestant>): void {
  test('that is a refusal is told in its words, paid for once, and not asked for again', async () => {
    const round = await begin(start, ONE)
    round.contestant.happen('refuses')
    const { code, message } = await round.fail()
    expect(['BLOCKED', 'NO_IMAGE']).toContain(code)
    expect(message).toContain('hero.prompt.md:5:1')
    expect((await round.fail()).code).toBe(code)
    expect(round.contestant.asked()).toHaveLength(1)
  })

  test('that is a cost which nobody tells is booked at the most that was estimated', async () => {
    const round = await begin(start, ONE)
    const driver = round.driver()
    const [row] = (await driver.plan()).rows
    round.contestant.happen('counts nothing')
    const { spent } = await driver.prepare()
    expect(spent).toBe(row?.missing[0]?.estimate.most)
    // Pictures that are sold by the piece cost what they cost.
    if (row?.declared.model.price.picture !== undefined) return
    expect(round.log.join('\n')).toMatch(/the most that was estimated, is booked/)
  })

  test.for(['is overloaded', 'is asked too often'] as const)(
    'that passes (the server %s) is tried again, and paid for once',
    async (mishap) => {
      const calm = await begin(start, ONE)
      const { spent } = await calm.driver().prepare()
      const round = await begin(start, ONE)
      round.contestant.happen(mishap)
      expect(await round.driver().prepare()).toMatchObject({ generated: 1, spent })
      expect(round.contestant.asked()).toHaveLength(2)
    },
  )

  test('that may have been paid for is tried again only while the budget has room', async () => {
    const round = await begin(start, ONE)
    const most = (await round.driver().plan()).rows[0]?.missing[0]?.estimate.most ?? 0
    round.contestant.happen('breaks off')
    expect((await round.fail({ budget: 1.5 * most })).code).toBe('BUDGET_EXCEEDED')
    expect(round.contestant.asked()).toHaveLength(1)
    round.contestant.happen('breaks off')
    const { spent } = await round.driver().prepare()
    expect(spent).toBeGreaterThan(most)
    expect(round.contestant.asked()).toHaveLength(3)
  })

  test('of a model that is gone leads to the next of its alias', async () => {
    const round = await begin(start, ONE)
    const { aliases, defaultModel } = round.contestant.definition.catalogue
    const [first, next] = aliases.find(({ alias }) => alias === defaultModel)?.candidates ?? []
    // A catalogue without such an alias has nothing to show.
    if (next === undefined) return
    round.contestant.happen('knows no such model')
    expect(await round.driver().prepare()).toMatchObject({ generated: 1 })
    expect(round.log.join('\n')).toContain(
      `${round.contestant.definition.words.company} does not know ${first}`,
    )
  })
}

function endlessContract(start: () => Promise<Contestant>): void {
  test('is cut off, and nothing is asked again', async () => {
    const round = await begin(start, ONE)
    round.contestant.happen('hangs')
    const driver = round.driver()
    const work = thrownBy(() => driver.prepare())
    await expect.poll(() => round.contestant.asked(), { timeout: 20_000 }).toHaveLength(1)
    driver.abort()
    expect(await work).toMatchObject({ code: 'STOPPED' })
    expect(round.contestant.asked()).toHaveLength(1)
  })

  test('that takes too long is an error of its own', async () => {
    const round = await begin(start, ONE)
    round.contestant.happen('hangs')
    const { code, message } = await round.fail({ timeout: 200, attempts: 1 })
    expect(code).toBe('PROVIDER_UNAVAILABLE')
    expect(message).toContain(round.contestant.definition.words.company)
  })
}

function credentialsContract(start: () => Promise<Contestant>): void {
  test('that are not accepted are an error that says which, once, and nothing is paid', async () => {
    const round = await begin(start, {
      'main.js': importing('hero', 'other'),
      'hero.prompt.md': prompting('alt: ""'),
      'other.prompt.md': prompting('alt: ""', 'A harbour'),
    })
    const { code, message } = await round.fail({ concurrency: 1 }, round.contestant.badEnv)
    expect(code).toBe('INVALID_KEY')
    expect(message).toContain(round.contestant.definition.words.company)
    expect(await round.site.list('.gemini-image')).toEqual([])
  })

  test('are in no file, no line and no error, whatever a server repeats', async () => {
    const { contestant, site, log, driver } = await begin(start, ONE)
    const settings = contestant.answersInText === false ? 'alt: ""' : 'output: text-and-image'
    await site.write('hero.prompt.md', prompting(settings))
    contestant.happen('echoes')
    await driver().prepare()
    contestant.happen('refuses')
    await site.write('hero.prompt.md', prompting(settings, 'A tower'))
    const refused = await thrownBy(() => driver().prepare())
    const told = [...log, String((refused as Error).stack), JSON.stringify(refused)].join('\n')
    for (const secret of contestant.secrets) expect(told).not.toContain(secret)
    const files = await site.list('.', true)
    expect(files).toContain('gemini-image.lock')
    for (const file of files) {
      const bytes = await site.bytes(file).catch(() => Buffer.alloc(0))
      for (const secret of contestant.secrets) {
        expect(bytes.includes(secret) ? file : undefined).toBe(undefined)
      }
    }
  })

  test('stay where they are: options, printed, hold none', async () => {
    const { resolve, contestant } = await begin(start, ONE)
    const { inspect } = await import('node:util')
    const { provider, definition } = resolve()
    const seen = inspect({ provider, definition }, { depth: 9, showHidden: true })
    for (const secret of contestant.secrets) expect(seen).not.toContain(secret)
  })

  test('are enough to list the models, which costs nothing', async () => {
    const { resolve, contestant } = await begin(start, ONE)
    const { provider, model, lineUp } = resolve()
    const listed = await provider?.listModels?.()
    expect(listed ?? [findModel(model, lineUp)?.id]).toContain(findModel(model, lineUp)?.id)
    expect(contestant.asked()).toEqual([])
  })
}
