import type { BatchProvider } from '../batch-provider.ts'
import type { Provider } from '../provider.ts'
import { BATCH_LIMITS } from './batch-limits.ts'

/** A provider whose code is loaded when it is asked something. @param hasBatch Whether what is loaded has batch jobs. */
export function later(hasBatch: boolean, load: () => Promise<Provider>): Provider {
  let loading: Promise<Provider> | undefined
  let loaded: Provider | undefined
  const provider = async (): Promise<Provider> => {
    loading ??= load()
    return (loaded = await loading)
  }
  const batch = async (): Promise<BatchProvider> => jobsOf(await provider())
  return {
    name: 'vertex',
    generate: async (job, context) => (await provider()).generate(job, context),
    describe: async (job, context) => {
      const { describe } = await provider()
      if (!describe) throw new RangeError('It puts pictures into words')
      return describe(job, context)
    },
    listModels: async () => (await (await provider()).listModels?.()) ?? [],
    ...(hasBatch && {
      batch: {
        fileBytes: BATCH_LIMITS.fileBytes,
        line: async (job) => (await batch()).line(job),
        upload: async (...args) => (await batch()).upload(...args),
        hash: async (...args) => (await batch()).hash?.(...args),
        create: async (...args) => (await batch()).create(...args),
        find: async (...args) => (await batch()).find(...args),
        get: async (...args) => (await batch()).get(...args),
        cancel: async (...args) => (await batch()).cancel(...args),
        download: async (...args) => (await batch()).download(...args),
        remove: async (...args) => (await batch()).remove(...args),
        // Results were downloaded before.
        open: (line) => jobsOf(loaded).open(line),
      },
    }),
  }
}

function jobsOf(provider: Provider | undefined): BatchProvider {
  if (!provider?.batch) throw new RangeError('It has batch jobs, and is loaded')
  return provider.batch
}
