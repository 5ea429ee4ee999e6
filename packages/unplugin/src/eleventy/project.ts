import { utimes } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import process from 'node:process'
import type { Options, ResolvedImage } from '@gemini-image/core'
import { GeminiImageError, splitMarker, startOf, withMarker } from '@gemini-image/core/host'
import { promptFileOf, type DeclarationId } from '@gemini-image/core/internal'
import { askedFile } from '../project/asked-file.ts'
import { failureMessage } from '../project/failure-message.ts'
import { HostProject } from '../project/host-project.ts'
import { placeOfSpecifier, undeclaredFile } from '../project/missing-file.ts'
import { openHostWithEnv } from '../project/open-host.ts'
import { openOnce } from '../project/open-once.ts'
import { announceStandIns } from '../project/stand-ins.ts'
import { declarationIn, isRendition, readAsk, type Ask } from '../source/ask.ts'
import type { Page } from './config.ts'
import { assertNoneLeft, escapeAttribute, rewriteImages, type ShownImage } from './html.ts'
import { Output } from './output.ts'

/** What Eleventy says when a build begins, as far as it is used here. */
export interface Begun {
  readonly directories: { readonly output: string }
  readonly runMode: 'build' | 'serve' | 'watch'
}

/** One build of Eleventy, or its server. */
interface Run {
  readonly project: HostProject
  readonly output: Output
  /** Whether people look on: what is missing is drawn behind the build's back, and pages follow. */
  readonly isServing: boolean
}

/** How soon a build is to begin when pictures have landed, and for how long it is waited for, in milliseconds. */
const PAUSE = 500
const PATIENCE = 15_000

/** A project that Eleventy builds, and builds again. */
export class EleventyProject {
  readonly #options: Options
  readonly #opened = openOnce(() => this.#open())
  /** Where the site is built into. */
  #folder = ''
  #run: Run | undefined
  #timer: NodeJS.Timeout | undefined
  #hasServed = false
  /** How many builds have begun. */
  #builds = 0

  constructor(options: Options) {
    this.#options = options
  }

  /** @throws {GeminiImageError} as a build of any host. */
  async begin({ directories, runMode }: Begun): Promise<void> {
    this.#builds += 1
    this.#folder = path.resolve(directories.output)
    const project = await this.#opened()
    const isServing = runMode !== 'build'
    this.#run = { project, output: new Output(this.#folder), isServing }
    if (isServing) await this.#drawBehind(project)
    else await project.prepare()
  }

  async #open(): Promise<HostProject> {
    const logger = { info: say, warn: say }
    const opening = { hostRoot: process.cwd(), outputs: [this.#folder], logger }
    return new HostProject(await openHostWithEnv(this.#options, opening))
  }

  /** What is missing is drawn behind the server's back; the lockfile, which is watched, tells of it. */
  async #drawBehind(project: HostProject): Promise<void> {
    const isFirst = !this.#hasServed
    this.#hasServed = true
    clearTimeout(this.#timer)
    const { missing } = await project.lookOver()
    if (missing.length === 0) return
    if (isFirst) await announceStandIns(missing, project)
    // What is being written is left alone until it rests; at the start, nothing is.
    const delay = isFirst ? 0 : project.options.quietPeriod
    const ids = missing.map(({ id }) => id)
    this.#timer = setTimeout(() => void this.#generate(ids, project), delay)
  }

  async #generate(ids: readonly DeclarationId[], project: HostProject): Promise<void> {
    await project.generate(ids).catch((error: unknown) => {
      const message = failureMessage(error)
      if (message !== undefined) say(message)
    })
    // Eleventy does not watch before its first build has ended, and says nothing when it begins to.
    const { lockfile } = project.options
    for (const seen = this.#builds, ends = Date.now() + PATIENCE; Date.now() < ends;) {
      await sleep(PAUSE, undefined, { ref: false })
      if (this.#builds > seen) return
      await utimes(lockfile, new Date(), new Date()).catch(() => undefined)
    }
  }

  /** @throws {GeminiImageError} `CORRUPT_OBJECT`. */
  async verify(): Promise<void> {
    if (this.#run && !this.#run.isServing) await this.#run.project.verify()
  }

  /** What the shortcode gives: an image like any that a template writes. */
  element(file: string, attributes: object = {}): string {
    const src = /^\.{0,2}\//.test(file) ? file : `./${file}`
    const written = Object.entries(attributes)
      .filter(([name]) => name !== '__keywords')
      .map(([name, value]) => ` ${name}="${escapeAttribute(String(value))}"`)
    return `<img src="${escapeAttribute(withMarker(src))}"${written.join('')}>`
  }

  /**
   * A page with pictures in the place of prompt files.
   * @throws {GeminiImageError} what is wrong with a picture, where the page names it.
   */
  async transform(content: string, { inputPath, outputPath }: Page, base: string): Promise<string> {
    if (!this.#run || !content.includes('.prompt.md') || outputPath === false) return content
    const { options } = this.#run.project
    const file = path.resolve(inputPath)
    const start = startOf(options.root, file)
    if (!outputPath.endsWith('.html')) {
      assertNoneLeft(content, outputPath, start)
      return content
    }
    const run = this.#run
    const show = (specifier: string): Promise<ShownImage> => showIn(file, specifier, base, run)
    const shown = await rewriteImages(content, show)
    const { rewriteHtml } = await import('../vite/html.ts')
    return rewriteHtml(shown, start, async (specifier) => (await show(specifier)).src, 'Eleventy')
  }
}

/** The picture of a prompt file that a page names, in the output. */
async function showIn(
  page: string,
  specifier: string,
  base: string,
  run: Run,
): Promise<ShownImage> {
  const { project, output, isServing } = run
  const { file: named = promptFileOf(specifier) ?? specifier, query = '' } =
    splitMarker(specifier) ?? {}
  const { root } = project.options
  const ask = readAsk(query, project.options)
  const from = named.startsWith('/') ? root : path.dirname(page)
  const id = declarationIn(path.join(from, named), ask)
  try {
    if (!project.declarations.has(id)) throw undeclaredFile(named, id, page, root)
    const image = isServing ? await project.preview(id) : await project.image(id)
    const asked = await askedFile(image, ask, project, isServing)
    if (asked.query !== '') throw strangeQuery(asked.query)
    const { width, height } = await sizeOf(image, ask, run)
    const src = `${base.replace(/\/?$/, '/')}${await output.ship(asked.file)}`
    return { src, alt: image.alt ?? '', width, height }
  } catch (error) {
    if (!(error instanceof GeminiImageError)) throw error
    throw error.at(placeOfSpecifier(named, page, root) ?? startOf(root, page))
  }
}

/** There is no other plugin that could take it. */
function strangeQuery(query: string): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_RENDITION',
    what: `"${query.slice(1)}" asks for nothing that gemini-image knows.`,
    fix: 'write a form with its settings (?gemini-image&as=url&width=400), or the marker alone.',
  })
}

/** In CSS pixels. */
async function sizeOf(
  image: ResolvedImage,
  { form, query }: Pick<Ask, 'form' | 'query'>,
  { project, isServing: isDraft }: Run,
): Promise<Pick<ShownImage, 'width' | 'height'>> {
  if (!isRendition(form) || form === 'icons') return image
  return (await project.render(image, { form, query, isDraft })).shown
}

function say(message: string): void {
  process.stderr.write(`[gemini-image] ${message}\n`)
}
