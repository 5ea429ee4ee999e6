/**
 * Settles a site in a process of its own, so that it may trust a certificate of the tests:
 * `node settle.ts '{"root": "…", "options": {…}}'` prints what came of it, as JSON.
 */
import process from 'node:process'
import { isGeminiImageError, type Options } from '@gemini-image/core'
import { resolveOptions } from '@gemini-image/core/internal'
import { drive } from '../support/driver.ts'

interface Task {
  readonly root: string
  readonly options: Options
}

const { root, options } = JSON.parse(process.argv[2] ?? '') as Task
const log: string[] = []
const note = (line: string): void => void log.push(line)
const logger = { info: note, warn: note }

/** What an error says, without what JSON would drop or repeat. */
function described(error: unknown): object {
  if (!isGeminiImageError(error)) return { code: 'NOT_OURS', message: String(error), errors: [] }
  const { code, message, problems } = error
  return { code, message, errors: problems.map(described) }
}

async function settle(): Promise<object> {
  try {
    const resolved = resolveOptions(options, { hostRoot: root, env: process.env, logger })
    const { generated, placeholders, spent } = await drive(resolved).prepare()
    return { summary: { generated, placeholders, spent }, log }
  } catch (error) {
    return { error: described(error), log }
  }
}

console.log(JSON.stringify(await settle()))
