/** Batch jobs. */
export const batches = {
  BATCH_UNSUPPORTED: {
    meaning: 'The provider offers no batch jobs.',
    page: 'providers.md',
  },
  BATCH_PENDING: {
    meaning: 'An open batch job has already been asked for a picture that is to be generated.',
    more: 'The picture has been ordered, so nobody pays for it again. Collect it, or cancel the job.',
    page: 'stores.md#batch-jobs',
  },
  BATCH_FAILED: {
    meaning: 'A batch job ended without some of its pictures.',
    page: 'stores.md#batch-jobs',
  },
  BATCH_INCOMPLETE: {
    meaning: 'The results of a batch job did not arrive whole.',
    more: 'The job stays in `gemini-image.batch` until each result has arrived: collect again.',
    page: 'stores.md#batch-jobs',
  },
  BATCH_NOT_FOUND: {
    meaning: 'The provider does not know a batch job, or not with this key.',
    page: 'stores.md#batch-jobs',
  },
  CORRUPT_BATCH_RECORD: {
    meaning: 'gemini-image.batch cannot be read.',
    page: 'stores.md#batch-jobs',
  },
} as const
