import { openLabels, sourceTypeUri, type ResolvedOptions } from '@gemini-image/core'

/** What asks the lockfile as it stands for the source type of an image, by SHA-256 in hex. */
export function labelReader(
  project: Pick<ResolvedOptions, 'root' | 'lockfile'>,
): (sha256: string) => Promise<string | undefined> {
  const labels = openLabels(project)
  return async (sha256) => {
    const type = (await labels.read()).get(sha256)
    return type && sourceTypeUri(type)
  }
}
