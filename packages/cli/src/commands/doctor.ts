import { readdirSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { isGeminiImageError, plan, type Plan, type Project, verify } from '@gemini-image/core'
import {
  captionOf,
  CREDENTIALS,
  DEFAULT_PROVIDER,
  findConditionalFault,
  isLeasable,
  openEnv,
  readEnvFile,
  readEnvFiles,
  warnOfAlts,
  type ProviderDefinition,
} from '@gemini-image/core/internal'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { count, table } from '../output/table.ts'
import { paint } from '../output/colours.ts'
import { checkClientVariables, checkKey, type Check, type Verdict } from '../project/checks.ts'
import { checkGit } from '../project/git-checks.ts'
import { openProject, rootOf } from '../project/open-project.ts'
import { checkPlugin } from '../project/plugin-check.ts'
import { findSecrets } from '../project/secrets.ts'

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
  const root = rootOf(flags)
  const ignored: Check[] = []
  const warn = (text: string): unknown =>
    ignored.push({ name: 'env files', verdict: 'warning', text })
  const { env, envFor } = openEnv({ dir: root, warn }, process.env)
  const project = await attempt('options', () => openProject(flags, terminal))
  const definition = isCheck(project) ? DEFAULT_PROVIDER : project.options.definition
  const known = [...CREDENTIALS, definition.credentials]
  const files = readEnvFiles(root, process.env)
  const checks = [
    ...(await checkCredentials(envFor(definition.credentials), definition)),
    ...ignored,
    ...checkClientVariables({ ...files, ...env }, readAllEnvFiles(root), known),
    ...(await checkPlugin(root)),
    ...(isCheck(project) ? [project] : await checkProject(project)),
    ...(await checkGit(
      isCheck(project) ? filesOf(root) : project.options,
      findSecrets(flags.root, definition.credentials),
      known,
    )),
  ]
  const problems = checks.filter(({ verdict }) => verdict === 'problem').length
  return { report: { checks }, text: formatChecks(checks), exitCode: problems > 0 ? 1 : 0 }
}

/** What the project's provider is asked with. */
async function checkCredentials(
  env: Parameters<typeof checkKey>[0],
  definition: ProviderDefinition,
): Promise<readonly Check[]> {
  const checked = await attempt('key', async () => definition.checkCredentials?.(env))
  if (!checked) return [checkKey(env, definition.credentials)]
  return [{ name: 'key', ...checked }]
}

/** Where things are, whatever the options say. */
function filesOf(root: string): Parameters<typeof checkGit>[0] {
  const at = (name: string): string => path.join(root, name)
  const files = {
    lockfile: at('gemini-image.lock'),
    ledger: at('gemini-image.ledger'),
    review: at('gemini-image.review'),
  }
  return { root, ...files, storeDir: at('.gemini-image'), commitsStore: true }
}

function readAllEnvFiles(root: string): Record<string, NodeJS.Dict<string>> {
  const names = readdirSync(root).filter((name) => /^\.env(?:\.|$)/.test(name))
  return Object.fromEntries(names.map((name) => [name, readEnvFile(path.join(root, name)) ?? {}]))
}

async function checkProject(project: Project): Promise<readonly Check[]> {
  const planned = await attempt('lockfile', () => plan(project))
  if (isCheck(planned)) return [planned, await checkModels(project, [])]
  const wanted = [...planned.rows, ...planned.unusedRows].map(({ declared }) => declared.model.id)
  return [
    checkPlan(planned),
    ...checkAlts(planned),
    await checkModels(project, wanted),
    await checkStore(project),
    ...(await checkShared(project)),
  ]
}

/** Whether the shared store answers, and can be trusted with leases. */
async function checkShared({ options }: Project): Promise<readonly Check[]> {
  const { shared } = options
  if (!shared) return []
  const name = 'shared'
  const { store, readonly } = shared
  const look = async (): Promise<Check> => {
    await store.has(`objects/${'0'.repeat(64)}`)
    if (readonly)
      return { name, verdict: 'ok', text: `${store.name} answers. It is only read here.` }
    const fault = isLeasable(store)
      ? await findConditionalFault(store)
      : 'it has no conditional writes'
    if (fault === undefined)
      return { name, verdict: 'ok', text: `${store.name} answers, and takes leases.` }
    const text = `${store.name} answers; ${fault}: two machines that generate at once may both pay.`
    return { name, verdict: 'warning', text }
  }
  try {
    return [await attempt(name, look)]
  } finally {
    await store.close?.().catch(() => undefined)
  }
}

/** What work gave, or what is wrong. A provider of one's own may throw anything. */
async function attempt<Value>(name: string, work: () => Promise<Value>): Promise<Value | Check> {
  try {
    return await work()
  } catch (error) {
    const text = isGeminiImageError(error) ? error.message : `It failed: ${String(error)}`
    return { name, verdict: 'problem', text }
  }
}

function isCheck(value: object): value is Check {
  return 'verdict' in value
}

function checkPlan({ rows, unusedFiles, problems }: Plan): Check {
  const name = 'declarations'
  const [first] = problems
  if (first) {
    const more =
      problems.length > 1 ? ` And ${problems.length - 1} more: "npx gemini-image plan".` : ''
    return { name, verdict: 'problem', text: first.message + more }
  }
  const missing = rows.filter(({ state }) => state === 'missing').length
  const unused =
    unusedFiles.length > 0
      ? ` ${count(unusedFiles.length, 'prompt file')} that nothing imports.`
      : ''
  const text = `${count(rows.length, 'picture')}, ${missing} missing.${unused}`
  return { name, verdict: missing > 0 ? 'warning' : 'ok', text }
}

/** A build demands alternative texts, whatever its mode. */
function checkAlts({ rows }: Plan): readonly Check[] {
  const text = warnOfAlts(rows.map(({ declared }) => captionOf(declared)))
  return text === undefined ? [] : [{ name: 'alt', verdict: 'problem', text }]
}

/** Asks for the models: that costs nothing, and needs a key that is accepted. */
async function checkModels({ options }: Project, wanted: readonly string[]): Promise<Check> {
  const name = 'models'
  const { provider, company } = options
  if (!provider?.listModels) {
    const why = provider
      ? `there is no list of the models of ${company}`
      : 'there is nothing to ask with'
    return { name, verdict: 'ok', text: `Not asked: ${why}.` }
  }
  const known = await attempt(name, async () => (await provider.listModels?.()) ?? [])
  if (isCheck(known)) return known
  const ids = [...new Set(wanted)]
  const unknown = ids.filter((id) => !known.includes(id))
  if (unknown.length > 0) {
    const text = `${provider.name} answers, and does not list ${unknown.join(', ')}. "npx gemini-image outdated" shows what could take its place.`
    return { name, verdict: 'warning', text }
  }
  const text = `${provider.name} answers and knows ${ids.join(', ') || count(known.length, 'model')}.`
  return { name, verdict: 'ok', text }
}

async function checkStore(project: Project): Promise<Check> {
  const name = 'store'
  const inventory = await attempt(name, () => verify(project))
  if (isCheck(inventory)) return inventory
  const { sound, elsewhere, lost, corrupt } = inventory
  if (corrupt[0]) return { name, verdict: 'problem', text: corrupt[0].message }
  if (lost.length === 0) {
    const fetched = elsewhere.length > 0 ? ` ${elsewhere.length} in the shared store only.` : ''
    return { name, verdict: 'ok', text: `${count(sound, 'pinned picture')}, all there.${fetched}` }
  }
  const text = `${count(lost.length, 'pinned picture')} not in the store; "npx gemini-image verify" lists them.`
  return { name, verdict: 'warning', text }
}

function formatChecks(checks: readonly Check[]): string {
  const mark = (verdict: Verdict): string => paint(COLOURS[verdict], verdict)
  return table(
    ['CHECK', '', ''],
    checks.map(({ name, verdict, text }) => [name, mark(verdict), text.replaceAll(/\s+/g, ' ')]),
  )
}
