import type { ResolvedOptions } from '../../src/options/resolve-options.ts'
import type { ResolvedImage } from '../../src/pictures/resolved-image.ts'
import type { LockEntries } from '../../src/pin/lockfile-text.ts'
import type { Plan } from '../../src/plan/plan.ts'
import {
  generateDeclarations,
  type Generated,
  type GenerateOptions,
} from '../../src/project/generate.ts'
import { picture, preview, saveChecks } from '../../src/project/picture.ts'
import { plan } from '../../src/project/plan.ts'
import { prepare } from '../../src/project/prepare.ts'
import type { Prepared } from '../../src/project/prepared.ts'
import { openProject, stop, type Project } from '../../src/project/project.ts'

/** A project as tests drive it, the way a host does: pictures come from the last build that was prepared. */
export interface Driver {
  readonly project: Project
  plan(): Promise<Plan>
  prepare(): Promise<Prepared>
  image(id: string): Promise<ResolvedImage>
  preview(id: string): Promise<ResolvedImage>
  verify(): Promise<void>
  generate(ids: readonly string[], options?: GenerateOptions): Promise<Generated>
  pinned(): Promise<LockEntries>
  close(): void
}

/** Opens a project for a test to drive. */
export function drive(options: ResolvedOptions): Driver {
  const project = openProject(options)
  let prepared: Prepared | undefined
  return {
    project,
    plan: () => plan(project),
    prepare: async () => {
      prepared = undefined
      return (prepared = await prepare(project))
    },
    image: (id) => prepared?.image(id) ?? picture(project, id),
    preview: (id) => preview(project, id),
    verify: () => prepared?.verify() ?? saveChecks(project),
    generate: (ids, wishes) => generateDeclarations(project, ids, wishes),
    pinned: async () => (await project.lockfile.read()).entries,
    close: () => stop(project),
  }
}
