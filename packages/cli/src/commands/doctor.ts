import process from 'node:process'
import { styleText } from 'node:util'
import {
  findProjectRoot,
  isGeminiImageError,
  withEnvFiles,
  type Engine,
  type Plan,
} from '@gemini-image/core'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { count, table } from '../output/table.ts'
import { checkKey, type Check, type Verdict } from '../project/checks.ts'
import { checkGit } from '../project/git-checks.ts'
import { openProject } from '../project/open-project.ts'

const COLOURS = { ok: 'green', warning: 'yellow', problem: 'red' } as const

/** `gemini-image doctor`: what stands in the way, before a build says so. */
export function doctorCommand(): Command {
  return command(
    'doctor',
    'check key, reachability, models, store, lockfile and git; spends nothing',
    runDoctor,
  )
}

async function runDoctor({ flags, terminal }: Input<object>): Promise<Outcome> {
  const engine = await openProject(flags, terminal)
  const env = withEnvFiles(findProjectRoot(flags.root, process.cwd()), process.env)
  const plan = await attempt('lockfile', () => engine.plan())
  const checks = [
    ...checkKey(env),
    ...(isCheck(plan) ? [plan] : [checkPlan(plan), await checkModels(engine, plan)]),
    await checkStore(engine),
    ...(await checkGit(engine.options)),
  ]
  const problems = checks.filter(({ verdict }) => verdict === 'problem').length
  return { report: { checks }, text: formatChecks(checks), exitCode: problems > 0 ? 1 : 0 }
}

/** What work gave, or what is wrong. */
async function attempt<Value>(name: string, work: () => Promise<Value>): Promise<Value | Check> {
  try {
    return await work()
  } catch (error) {
    if (!isGeminiImageError(error)) throw error
    return { name, verdict: 'problem', text: error.message }
  }
}

function isCheck(value: object): value is Check {
  return 'verdict' in value
}

function checkPlan({ rows, problems }: Plan): Check {
  const name = 'declarations'
  const [first] = problems
  if (first) {
    const more = problems.length > 1 ? ` And ${problems.length - 1} more: "gemini-image plan".` : ''
    return { name, verdict: 'problem', text: first.message + more }
  }
  const missing = rows.filter(({ state }) => state === 'missing').length
  const text = `${count(rows.length, 'picture')}, ${missing} missing.`
  return { name, verdict: missing > 0 ? 'warning' : 'ok', text }
}

/** Asks Google for its models: that costs nothing, and needs a key that it accepts. */
async function checkModels({ options }: Engine, { rows }: Plan): Promise<Check> {
  const name = 'models'
  const { provider } = options
  if (!provider?.listModels) {
    return { name, verdict: 'ok', text: 'Not asked: there is nothing to ask with.' }
  }
  const known = await attempt(name, () => provider.listModels?.() ?? Promise.resolve([]))
  if (isCheck(known)) return known
  const wanted = new Set(rows.map(({ declared }) => declared.model.id))
  const unknown = [...wanted].filter((id) => !known.includes(id))
  if (unknown.length === 0) {
    return {
      name,
      verdict: 'ok',
      text: `Google accepts the key and knows ${[...wanted].join(', ') || 'its models'}.`,
    }
  }
  const text = `Google accepts the key and does not list ${unknown.join(', ')}. "gemini-image outdated" shows what could take its place.`
  return { name, verdict: 'warning', text }
}

async function checkStore(engine: Engine): Promise<Check> {
  const name = 'store'
  const inventory = await attempt(name, () => engine.inventory())
  if (isCheck(inventory)) return inventory
  const { sound, lost, corrupt } = inventory
  if (corrupt[0]) return { name, verdict: 'problem', text: corrupt[0].message }
  if (lost.length === 0) {
    return { name, verdict: 'ok', text: `${count(sound, 'pinned picture')}, all whole.` }
  }
  const text = `${count(lost.length, 'pinned picture')} not in the store; "gemini-image verify" lists them.`
  return { name, verdict: 'warning', text }
}

function formatChecks(checks: readonly Check[]): string {
  const mark = (verdict: Verdict): string => styleText(COLOURS[verdict], verdict)
  return table(
    ['CHECK', '', ''],
    checks.map(({ name, verdict, text }) => [name, mark(verdict), text.replaceAll('\n', ' ')]),
  )
}
