import { hash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** The folder that pictures go to, below the output. */
const FOLDER = 'img'

/** What a build writes. */
export class Output {
  readonly #folder: string
  readonly #shipped = new Map<string, Promise<string>>()

  constructor(folder: string) {
    this.#folder = path.join(folder, FOLDER)
  }

  /** Copies a picture to the output, once. @returns its path there; its name holds a digest of what it shows. */
  ship(file: string): Promise<string> {
    const shipping = this.#shipped.get(file) ?? this.#copy(file)
    this.#shipped.set(file, shipping)
    return shipping
  }

  async #copy(file: string): Promise<string> {
    const bytes = await readFile(file)
    const { name, ext } = path.parse(file)
    const digest = hash('sha256', bytes).slice(0, 12)
    const shipped = `${name.endsWith(`.${digest}`) ? name : `${name}.${digest}`}${ext}`
    await mkdir(this.#folder, { recursive: true })
    await writeFile(path.join(this.#folder, shipped), bytes)
    return `${FOLDER}/${encodeURIComponent(shipped)}`
  }
}
