import path from 'node:path'
import { GeminiImageError, plan, type Plan, type PlanRow, type Project } from '@gemini-image/core'
import {
  generateDeclarations,
  openFiles,
  shownId,
  type Progress,
} from '@gemini-image/core/internal'
import type { Actions, Edits, Images } from '@gemini-image/studio/verbs'
import { selectRow } from '../project/select.ts'

/** What the tools of one client work with: the verbs of the studio, without its page. */
export interface Session {
  readonly project: Project
  readonly images: Images
  readonly actions: Actions
  readonly edits: Edits
  /** Prompt files that were proposed, by their tokens. */
  readonly newFiles: Map<string, NewFile>
  /** Told how far the calls under way are. */
  readonly listeners: Set<(progress: Progress) => void>
}

/** A prompt file that was not written yet. */
interface NewFile {
  /** Absolute path. */
  readonly file: string
  readonly text: string
}

export async function openSession(project: Project): Promise<Session> {
  const { actionsOf, editsOf, Images: Shown } = await import('@gemini-image/studio/verbs')
  const listeners: Session['listeners'] = new Set()
  const onProgress = (progress: Progress): void => {
    for (const listener of listeners) listener(progress)
  }
  const planNow = (): Promise<Plan> => plan(project)
  const host = {
    project: () => Promise.resolve(project),
    plan: planNow,
    generate: (ids: readonly string[], options: object) =>
      generateDeclarations(project, ids, { ...options, onProgress }),
  }
  return {
    project,
    images: new Shown(),
    actions: actionsOf(host, planNow),
    edits: editsOf(host, planNow),
    newFiles: new Map(),
    listeners,
  }
}

/** The one declaration that an id, a name, a path or a place stands for. */
export function rowNamed(name: string, { rows, unusedRows, problems }: Plan): PlanRow {
  const all = [...rows, ...unusedRows]
  return all.find(({ declared }) => shownId(declared) === name) ?? selectRow(name, all, problems)
}

/**
 * The absolute path of a file of the project, which need not be there.
 * @throws {GeminiImageError} `FILE_OUTSIDE_ROOT`.
 */
export function fileInside(named: string, { options: { root } }: Project): string {
  const file = path.resolve(root, named)
  const relative = path.relative(root, file)
  if (relative === '' || relative.startsWith('..') || path.isAbsolute(relative)) {
    throw new GeminiImageError({
      code: 'FILE_OUTSIDE_ROOT',
      what: `${JSON.stringify(named)} leads outside the project.`,
      why: 'Tools read and write the project alone. Nothing was done.',
      fix: 'write a path from the root of the project, or copy the file into it.',
    })
  }
  // Links are followed by the gate, which lets nothing lead out.
  const files = openFiles(root)
  for (let above = file; above !== root; above = path.dirname(above)) {
    files.assertReachable('emitted', above)
  }
  return file
}
