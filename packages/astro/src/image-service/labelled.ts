import { hash } from 'node:crypto'
import { debuglog } from 'node:util'
import { addXmp, xmpPacket } from '@gemini-image/core/xmp'
import type { LocalImageService } from 'astro'
import { labelOf } from 'virtual:gemini-image/labels'

/** Said where Node is told to: `NODE_DEBUG=gemini-image`. */
const debug = debuglog('gemini-image')

/**
 * An image service that writes an AI label (IPTC's digital source type, the model and the date, as XMP)
 * into what another one makes of generated pictures. What it makes of other images is passed on untouched.
 *
 * For a service of your own, give this one's file to Astro as `image.service.entrypoint`:
 *
 * ```ts
 * import { labelled } from 'astro-gemini-image/image-service'
 * import service from './my-service'
 *
 * export default labelled(service)
 * ```
 */
export function labelled(service: LocalImageService): LocalImageService {
  const transform: LocalImageService['transform'] = async (input, options, config, logger) => {
    const made = await service.transform(input, options, config, logger)
    const facts = await labelOf(hash('sha256', input))
    // An original that is passed on keeps what it says of itself.
    if (!facts || Buffer.compare(made.data, input) === 0) return made
    const data = addXmp(made.data, made.format, xmpPacket(facts))
    if (!data) debug('%s: no label can be written into this %s file', options.src, made.format)
    return data ? { ...made, data } : made
  }
  // Not a copy, which would lose the methods of a class.
  return Object.create(service, {
    transform: { value: transform, enumerable: true },
  }) as LocalImageService
}
