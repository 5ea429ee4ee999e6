import { openLabels, type LabelFacts, type ResolvedOptions } from '@gemini-image/core/internal'

/** What asks the lockfile as it stands for the label of an image, by SHA-256 in hex. */
export function labelReader(
  project: Pick<ResolvedOptions, 'root' | 'lockfile' | 'labels'>,
): (sha256: string) => Promise<LabelFacts | undefined> {
  const labels = openLabels(project)
  return async (sha256) => (await labels.read()).get(sha256)
}
