import { preview, type InlineConfig } from 'vite'
import { onTestFinished } from 'vitest'

/** A server of files that were built. */
export interface Preview {
  /** Its address, with a slash at the end. */
  readonly url: string
  close(): Promise<void>
}

/** Serves a built site on a free port. @param config What is not Vite's default: where the files are. */
export async function startPreview(root: string, config: InlineConfig = {}): Promise<Preview> {
  const server = await preview({
    root,
    configFile: false,
    logLevel: 'silent',
    preview: { host: '127.0.0.1', port: 0 },
    ...config,
  })
  return { url: server.resolvedUrls?.local[0] ?? '', close: () => server.close() }
}

/** Serves a built site until the test ends. @returns its address, with a slash at the end. */
export async function servedAt(
  { root }: { readonly root: string },
  outDir?: string,
): Promise<string> {
  const { url, close } = await startPreview(root, outDir === undefined ? {} : { build: { outDir } })
  onTestFinished(close)
  return url
}
