import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** An empty folder that goes with the test. */
export async function tempDir(): Promise<string> {
  const dir = await mkdtemp(path.join(await realpath(tmpdir()), 'gemini-image-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}
