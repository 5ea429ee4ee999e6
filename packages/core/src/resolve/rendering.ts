import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { openLabels } from '../labels/labels.ts'
import { addXmp } from '../labels/xmp/add-xmp.ts'
import { xmpPacket } from '../labels/xmp/packet.ts'
import {
  openRenditions,
  type RenditionSet,
  type RenditionSubject,
} from '../renditions/renditions.ts'
import { hasAlpha } from '../render/look.ts'
import { readRenditionQuery, type RenditionForm } from '../renditions/query.ts'
import type { RenditionFormat, RenditionSettings } from '../renditions/settings.ts'
import type { PlanTools } from './plan.ts'
import type { ResolvedImage } from './resolved-image.ts'

/** What an import asks for in place of a picture's file. */
export interface RenditionWish {
  readonly form: RenditionForm
  /** The rendition settings, as a query: `?widths=400;800`, or empty. */
  readonly query: string
  /**
   * Whether one file will do: a person is waiting for it while they work. It is a WebP file of the largest
   * width, cut as it will be.
   * @default false
   */
  readonly isDraft?: boolean | undefined
}

/** Makes renditions of a project's pictures. */
export interface Rendering {
  /** @throws {GeminiImageError} as {@link Engine.render}. */
  render(image: ResolvedImage, wish: RenditionWish): Promise<RenditionSet>
}

/** Opens the renditions of a project. */
export function openRendering({
  options,
  store,
  lockfile,
}: Pick<PlanTools, 'options' | 'store' | 'lockfile'>): Rendering {
  const renditions = openRenditions(options.cacheDir, options.logger)
  const labels = openLabels(options, lockfile)

  const labelOf = async (object: string | undefined): Promise<Buffer | undefined> => {
    const facts = object === undefined ? undefined : (await labels.read()).get(object)
    return facts && xmpPacket(facts)
  }

  const render: Rendering['render'] = async (image, { form, query, isDraft = false }) => {
    const settings = readRenditionQuery(query, options.presets)
    const { object, file } = image
    const packet = await labelOf(object)
    const subject: RenditionSubject = {
      width: image.width,
      height: image.height,
      name: image.name,
      focus: image.focus,
      identity: object ?? path.basename(file),
      read: () =>
        object === undefined ? readFile(file) : store.read({ file: path.basename(file), object }),
      label: packet?.toString('base64') ?? '',
      addLabel: (encoded, format) => (packet && addXmp(encoded, format, packet)) ?? encoded,
    }
    return isDraft
      ? renditions.make(subject, drafted(settings, image), ['webp'])
      : renditions.make(subject, settings, formatsOf(form, settings, image))
  }

  return { render }
}

function formatsOf(
  form: RenditionForm,
  { formats }: RenditionSettings,
  { format, look }: ResolvedImage,
): readonly RenditionFormat[] {
  if (formats) return form === 'picture' ? formats : formats.slice(0, 1)
  if (form === 'picture') return ['avif', 'webp', hasAlpha(look) ? 'png' : 'jpeg']
  return form === 'url' ? [format as RenditionFormat] : ['webp']
}

/** One size will do. */
function drafted(settings: RenditionSettings, image: ResolvedImage): RenditionSettings {
  const isFixed = settings.width !== undefined || settings.height !== undefined
  if (isFixed) return { ...settings, density: [1] }
  return { ...settings, widths: [Math.max(...(settings.widths ?? [image.width]))] }
}
