import { readFile } from 'node:fs/promises'
import type { AstroConfig } from 'astro'

/** The service that Astro uses where a site names none. */
const DEFAULT_SERVICE = 'astro/assets/services/sharp'
/** Hands originals out as they are, so that nothing is lost. */
const NO_SERVICE = 'astro/assets/services/noop'
const OUR_SERVICE = 'astro-gemini-image/image-service'

/** The setting that puts our image service in the place of Astro's; nothing where a site has another. */
export function imageServiceSetting({ image }: Pick<AstroConfig, 'image'>): {
  image?: { service: AstroConfig['image']['service'] }
} {
  const { entrypoint, config } = image.service
  return entrypoint === DEFAULT_SERVICE
    ? { image: { service: { entrypoint: OUR_SERVICE, config } } }
    : {}
}

/**
 * What to warn of once all integrations have had their say: an image service that is not ours, and
 * does not use ours, strips the labels.
 */
export async function imageServiceWarning({
  image,
  root,
}: Pick<AstroConfig, 'image' | 'root'>): Promise<string | undefined> {
  const { entrypoint } = image.service
  if (entrypoint === OUR_SERVICE || entrypoint === NO_SERVICE) return undefined
  const source = await readFile(new URL(entrypoint, root), 'utf8').catch(() => '')
  if (source.includes(OUR_SERVICE)) return undefined
  return [
    `The AI labels of generated pictures are lost: the image service ${entrypoint} writes none.`,
    `Name a file of your own in image.service.entrypoint that says`,
    `  import { labelled } from '${OUR_SERVICE}'`,
    `  import service from '${entrypoint}'`,
    `  export default labelled(service)`,
  ].join('\n')
}
