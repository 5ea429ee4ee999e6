import path from 'node:path'
import { openDerivedFiles } from '../kernel/files/derived-files.ts'
import { DERIVED } from '../options/places.ts'
import { openLabels } from '../pin/labels.ts'
import { addXmp } from '../pixels/labels/xmp/add-xmp.ts'
import { xmpPacket } from '../pixels/labels/xmp/packet.ts'
import {
  arrange,
  openRenditions,
  type RenditionSet,
  type RenditionSubject,
} from '../pixels/renditions/renditions.ts'
import { hasAlpha } from '../pixels/blur-data-url.ts'
import { isOpen } from '../pixels/renditions/forms/form.ts'
import { FORMS, orderOf } from '../pixels/renditions/forms/forms.ts'
import type { SingleForm } from '../pixels/renditions/forms/names.ts'
import { readRenditionQuery, type RenditionPresets } from '../pixels/renditions/query.ts'
import type { RenditionSettings } from '../pixels/renditions/settings.ts'
import { sha256 } from '../kernel/hash.ts'
import type { PlanContext } from '../plan/plan.ts'
import type { ResolvedImage } from './resolved-image.ts'

/** What an import asks for in place of a picture's file. */
export interface RenditionWish {
  readonly form: SingleForm
  /** The rendition settings, as a query: `?widths=400;800`, or empty. */
  readonly query: string
  /**
   * Whether one file will do: a person is waiting for it while they work. It is a WebP file of the largest
   * width, cut as it will be.
   * @default false
   */
  readonly isDraft?: boolean | undefined
}

export interface Rendering {
  /** @throws {GeminiImageError} as `render`. */
  render(image: ResolvedImage, wish: RenditionWish): Promise<RenditionSet>
  /** Remembers on this machine which files are sound. */
  save(): Promise<void>
}

export function openRendering({
  options,
  store,
  lockfile,
}: Pick<PlanContext, 'options' | 'store' | 'lockfile'>): Rendering {
  const renditions = openRenditions(openDerivedFiles(DERIVED.renditions, options), options.logger)
  const labels = openLabels(options, lockfile)

  const labelOf = async (object: string | undefined): Promise<Uint8Array | undefined> => {
    const facts = object === undefined ? undefined : (await labels.read()).get(object)
    return facts && xmpPacket(facts)
  }

  const render: Rendering['render'] = async (image, { form, query, isDraft = false }) => {
    const settings = readRenditionQuery(query, form, options.presets)
    const { object, file } = image
    const packet = await labelOf(object)
    const subject: RenditionSubject = {
      width: image.width,
      height: image.height,
      name: image.name,
      focus: image.focus,
      identity: object ?? path.basename(file),
      file,
      assertSound: async () => {
        if (object === undefined) return
        const stored = { file: path.basename(file), object }
        // What is lost cannot be read, which says so.
        if ((await store.verify(stored)) === 'lost') await store.read(stored)
      },
      label: packet === undefined ? '' : sha256(packet),
      addLabel: (encoded, format) => (packet && addXmp(encoded, format, packet)) ?? encoded,
    }
    const facts = { hasAlpha: hasAlpha(image.look), format: image.format }
    return isDraft && isOpen(FORMS[form])
      ? renditions.make(subject, { settings: drafted(settings, image), formats: ['webp'] })
      : renditions.make(subject, orderOf(form, settings, facts))
  }

  return { render, save: renditions.save }
}

/**
 * The renditions of a picture as they would be. Nothing is encoded; a file's name is its width and format, in no folder.
 * @throws {GeminiImageError} `INVALID_RENDITION`.
 */
export function outlineRenditions(
  image: ResolvedImage,
  { form, query }: RenditionWish,
  presets: RenditionPresets,
): RenditionSet {
  const settings = readRenditionQuery(query, form, presets)
  const facts = { hasAlpha: hasAlpha(image.look), format: image.format }
  const { sources, shown, sizes } = arrange(image, orderOf(form, settings, facts))
  return {
    shown,
    sizes,
    sources: sources.map(({ boxes, ...source }) => ({
      ...source,
      files: boxes.map((box) => ({ ...box, file: `${box.width}.${source.format}` })),
    })),
  }
}

/** One size will do. */
function drafted(settings: RenditionSettings, image: ResolvedImage): RenditionSettings {
  const isFixed = settings.width !== undefined || settings.height !== undefined
  if (isFixed) return { ...settings, density: [1] }
  return { ...settings, widths: [Math.max(...(settings.widths ?? [image.width]))] }
}
