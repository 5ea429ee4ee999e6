// oxlint-disable-next-line no-restricted-imports -- asks the system about processes.
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import process from 'node:process'
import { z } from 'zod'

/** A process, so that others can tell later whether it is the one that still runs. */
export interface ProcessMark {
  readonly pid: number
  /** When it started, as the kernel counts; left out where the system does not tell. */
  readonly started?: string | undefined
  /** Where its number means something: the machine, since it was booted, and its namespace of processes. */
  readonly host: string
}

export const processMarkSchema: z.ZodType<ProcessMark> = z.object({
  pid: z.int().positive(),
  started: z.string().optional(),
  host: z.string(),
})

/**
 * What became of a process: a stopped one is `alive`. `unsure` has its number, and may be another process that was
 * given it since. Of one that runs `elsewhere` nothing can be told from here.
 */
export type Life = 'dead' | 'alive' | 'unsure' | 'elsewhere'

export function markOfThisProcess(): ProcessMark {
  return { pid: process.pid, started: statusOf(process.pid)?.started, host: thisHost() }
}

export function lifeOf({ pid, started, host }: ProcessMark): Life {
  if (host !== thisHost()) return 'elsewhere'
  if (!isRunning(pid)) return 'dead'
  const now = statusOf(pid)
  if (started === undefined || !now) return 'unsure'
  return now.started === started && !now.isZombie ? 'alive' : 'dead'
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // EPERM: it is another user's.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** Containers may share a name and have numbers of their own, and a machine gives its numbers anew when it boots. */
function thisHost(): string {
  const boot = orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
  const namespace = orEmpty(() => readlinkSync('/proc/self/ns/pid'))
  return [hostname(), boot, namespace].filter(Boolean).join(' ')
}

/**
 * What Linux says of a process; elsewhere, only another program could be asked.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function statusOf(
  pid: number,
): { readonly started: string; readonly isZombie: boolean } | undefined {
  const stat = orEmpty(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  // The name, which comes before, may hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, started] = [fields[0], fields[19]]
  return started === undefined ? undefined : { started, isZombie: state === 'Z' || state === 'X' }
}

function orEmpty(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}
