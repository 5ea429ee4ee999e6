import {
  openProject,
  plan,
  prepare,
  type Plan,
  type Prepared,
  type Project,
  type ResolvedImage,
} from '@gemini-image/core'
import {
  cancelBatches,
  collectBatches,
  cutOff,
  generateDeclarations,
  picture,
  planOf,
  preview,
  render,
  resumeBatches,
  saveChecks,
  showBatches,
  submitBatch,
  withheldOf,
  type GenerateOptions,
  type RenditionWish,
  type ResolvedOptions,
  type Withheld,
  type Generated,
} from '@gemini-image/core/internal'

/** A project as tests drive it, the way a host does: pictures come from the last build that was prepared. */
export interface Driver {
  readonly project: Project
  plan(): Promise<Plan>
  prepare(): Promise<Prepared>
  image(id: string): Promise<ResolvedImage>
  preview(id: string): Promise<ResolvedImage>
  render(image: ResolvedImage, wish: RenditionWish): ReturnType<typeof render>
  generate(ids: readonly string[], options?: GenerateOptions): Promise<Generated>
  verify(): Promise<void>
  abort(): void
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
    render: (image, wish) => render(project, image, wish),
    generate: (ids, how) => generateDeclarations(project, ids, how),
    verify: () => prepared?.verify() ?? saveChecks(project),
    abort: () => cutOff(project),
  }
}

/** The batch jobs of a project, as tests drive them. */
export interface Batches {
  submit(ids: readonly string[]): ReturnType<typeof submitBatch>
  show(): ReturnType<typeof showBatches>
  collect(options?: Parameters<typeof collectBatches>[1]): ReturnType<typeof collectBatches>
  resume(options?: Parameters<typeof resumeBatches>[1]): ReturnType<typeof resumeBatches>
  cancel(ids?: readonly string[]): ReturnType<typeof cancelBatches>
  /** Fingerprints that open jobs have been asked for. */
  pending(): Promise<Withheld['pending']>
}

/** Opens the batch jobs of a project, with a budget of their own. */
export function driveBatches(options: ResolvedOptions, signals: BatchSignals = {}): Batches {
  const opened = openProject(options)
  const { signal = opened.signal, cutOff: cut = opened.cutOff } = signals
  const project = { ...opened, signal, cutOff: cut }
  return {
    submit: async (ids) => {
      const { rows, declarations, problems } = await planOf(project, ids)
      if (problems[0]) throw problems[0]
      return submitBatch(project, { rows, declarations })
    },
    show: () => showBatches(project),
    collect: (how) => collectBatches(project, how),
    resume: (how) => resumeBatches(project, how),
    cancel: (ids) => cancelBatches(project, ids),
    pending: async () => (await withheldOf(project, [])).pending,
  }
}

/** What ends the work on batch jobs early. */
export interface BatchSignals {
  readonly signal?: AbortSignal | undefined
  readonly cutOff?: AbortSignal | undefined
}
