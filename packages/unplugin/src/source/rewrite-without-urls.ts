import type { HostProject } from '../project/host-project.ts'
import { moduleSource } from './module-source.ts'
import { refuseUrl } from './refuse-url.ts'
import { rewriteSource, type Rewritten } from './rewrite.ts'

/**
 * A module with imports of pictures in the place of what declares them, for a host that leaves `new URL()` alone.
 * @param host For people: its name.
 * @throws {GeminiImageError} what is wrong with what it declares, or a `new URL()` of a prompt file.
 */
export async function rewriteWithoutUrls(
  code: string,
  id: string,
  build: HostProject,
  host: string,
): Promise<{ readonly code: string; readonly map: string } | undefined> {
  const source = moduleSource(code, id, build.options.root)
  const rewritten: Rewritten | undefined =
    source && (await rewriteSource(source, (url) => refuseUrl(url, source, host)))
  for (const declared of rewritten?.declarations ?? []) build.declarations.add(declared.id)
  return rewritten && { code: rewritten.code, map: rewritten.map.toString() }
}
