import path from 'node:path'
import { openDerivedFiles } from '../kernel/files/derived-files.ts'
import { DERIVED, FONTS } from '../options/places.ts'
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
import { checkedOrder } from '../pixels/renditions/forms/check-form.ts'
import {
  isDrawnOn,
  isOpen,
  type AskedSettings,
  type FormSubject,
} from '../pixels/renditions/forms/form.ts'
import { formOf, isBuiltIn, orderOf } from '../pixels/renditions/forms/forms.ts'
import type { FormName } from '../pixels/renditions/forms/names.ts'
import type { Order } from '../pixels/renditions/order.ts'
import { readRenditionQuery, textsIn, type RenditionOptions } from '../pixels/renditions/query.ts'
import { qualityOf } from '../pixels/renditions/encode.ts'
import { openSheets, outlineSheet, type SheetOrder } from '../pixels/renditions/sheet.ts'
import type { EncodedFormat, RenditionSettings } from '../pixels/renditions/settings.ts'
import type { Fonts } from '../pixels/layers/fonts.ts'
import type { Pixels } from '../pixels/image.ts'
import type { Layer } from '../pixels/layers/layer.ts'
import type { Overlay } from '../pixels/layers/overlay.ts'
import { fillLayers, withoutOpen } from '../declare/layers.ts'
import { openFiles } from '../kernel/files/files.ts'
import { sha256 } from '../kernel/hash.ts'
import type { PlanContext } from '../plan/plan.ts'
import type { ResolvedImage } from './resolved-image.ts'

/** What an import asks for in place of a picture's file. */
export interface RenditionWish {
  /** One that is not several renditions. */
  readonly form: FormName
  /** The rendition settings, as a query: `?widths=400;800`, or empty. */
  readonly query: string
  /**
   * Whether one file will do: a person is waiting for it while they work. It is a WebP file of the largest
   * width, cut as it will be.
   * @default false
   */
  readonly isDraft?: boolean | undefined
  /**
   * A scene that has a shape of its own: the query's ratio is that of the picture. `crop` cuts the picture to the scene.
   * @default the query decides
   */
  readonly shape?:
    | { readonly crop: string | undefined; readonly focus: string | undefined }
    | undefined
}

export interface Rendering {
  /** @throws {GeminiImageError} as `render`. */
  render(image: ResolvedImage, wish: RenditionWish): Promise<RenditionSet>
  /**
   * The picture with its layers drawn on it, in its own size and format; the same one where it has none.
   * @param query In which the texts of the page stand: `?text.title=…`.
   * @throws {GeminiImageError} as `render`.
   */
  layered(image: ResolvedImage, query?: string): Promise<ResolvedImage>
  /** A picture as files are made of it. @param overlay What is drawn over it. @default nothing */
  subjectOf(image: ResolvedImage, overlay?: Overlay): Promise<RenditionSubject>
  /**
   * Makes sure that layers can be drawn on a picture that is not there yet. Texts of pages are not known.
   * @throws {GeminiImageError} what is wrong with a layer.
   */
  check(layers: readonly Layer[], pixels: Pixels): Promise<void>
  /** Remembers on this machine which files are sound. */
  save(): Promise<void>
}

export function openRendering({
  options,
  store,
  lockfile,
}: Pick<PlanContext, 'options' | 'store' | 'lockfile'>): Rendering {
  const derived = openDerivedFiles(DERIVED.renditions, options)
  const renditions = openRenditions(derived, options.logger)
  const labels = openLabels(options, lockfile)

  const labelOf = async (object: string | undefined): Promise<Uint8Array | undefined> => {
    const facts = object === undefined ? undefined : (await labels.read()).get(object)
    return facts && xmpPacket(facts)
  }

  const openLayers = openOverlays(options)
  const overlayOf = async (
    { layers }: ResolvedImage,
    { form, query }: RenditionWish,
  ): Promise<Overlay | undefined> =>
    layers && isDrawnOn(formOf(form, options.forms))
      ? openLayers(fillLayers(layers, textsIn(query)))
      : undefined
  const check: Rendering['check'] = async (layers, pixels) => {
    await (await openLayers(withoutOpen(layers))).draw(pixels)
  }

  const subjectOf: Rendering['subjectOf'] = async (image, overlay) =>
    subjectFor(image, { overlay, packet: await labelOf(image.object), store })

  const sheets = openSheets(derived, options.logger)
  const renderSheet = async (image: ResolvedImage, order: SheetOrder): Promise<RenditionSet> => {
    const parts = partsOf(image).map(async ({ frame, image: part }) => {
      return { frame, subject: await subjectOf(part) }
    })
    return sheets.make(image.name, await Promise.all(parts), order)
  }

  const render: Rendering['render'] = async (image, wish) => {
    const { form, query, isDraft = false, shape } = wish
    const settings = shapedBy(shape, readRenditionQuery(query, form, options))
    const row = formOf(form, options.forms)
    if (row.isOfSet) {
      return renderSheet(image, sheetOrderOf(settings, orderFor(form, settings, image, options)))
    }
    const isOneEnough = isDraft && isOpen(row) && !row.isExact
    const order: Order = isOneEnough
      ? { settings: drafted(settings, image), formats: ['webp'] }
      : orderFor(form, settings, image, options)
    return renditions.make(await subjectOf(image, await overlayOf(image, wish)), order)
  }

  const layered: Rendering['layered'] = async (image, query = '') => {
    const overlay = await overlayOf(image, { form: 'url', query })
    if (!overlay) return image
    const subject = await subjectOf(image, overlay)
    const settings = { widths: [image.width], quality: WHOLE_QUALITY }
    const formats = [image.format as EncodedFormat]
    const { sources } = await renditions.make(subject, { settings, formats, isOneSize: true })
    const file = sources[0]?.files[0]?.file ?? image.file
    const { width, height, format, images } = image
    const drawn = { file, width, height, format }
    return { ...image, file, object: undefined, images: [...images.slice(0, -1), drawn] }
  }

  return { render, layered, subjectOf, check, save: renditions.save }
}

/** The pictures that a sheet is made of. */
function partsOf(image: ResolvedImage): NonNullable<ResolvedImage['sheet']> {
  return image.sheet ?? [{ frame: image.name, id: '', image }]
}

function sheetOrderOf(settings: AskedSettings, { formats }: Pick<Order, 'formats'>): SheetOrder {
  const { size, quality } = settings
  const [first = 'png'] = formats
  const own = typeof quality === 'number' ? quality : quality && qualityOf(first, quality)
  return { formats, size, quality: own }
}

/** A picture as renditions are made of it. */
function subjectFor(
  image: ResolvedImage,
  {
    overlay,
    packet,
    store,
  }: {
    readonly overlay: Overlay | undefined
    /** Its label. */
    readonly packet: Uint8Array | undefined
    readonly store: PlanContext['store']
  },
): RenditionSubject {
  const { object, file } = image
  return {
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
    overlay,
    label: packet === undefined ? '' : sha256(packet),
    addLabel: (encoded, format) => (packet && addXmp(encoded, format, packet)) ?? encoded,
  }
}

/** What draws letters is loaded where a picture has some. */
function openOverlays(
  options: PlanContext['options'],
): (layers: readonly Layer[]) => Promise<Overlay> {
  let fonts: Promise<Fonts> | undefined
  return async (layers) => {
    fonts ??= import('../pixels/layers/fonts.ts').then(({ openFonts }) =>
      openFonts(openDerivedFiles(FONTS, options), options.cacheDir),
    )
    const { openOverlay } = await import('../pixels/layers/overlay.ts')
    return openOverlay(layers, openFiles(options.root), await fonts)
  }
}

/** From 1 to 100: others encode it once more. */
const WHOLE_QUALITY = 92

/**
 * The renditions of a picture as they would be. Nothing is encoded; a file's name is its width and format, in no folder.
 * @throws {GeminiImageError} `INVALID_RENDITION` or `FORM_FAILED`.
 */
export function outlineRenditions(
  image: ResolvedImage,
  { form, query, shape }: RenditionWish,
  options: RenditionOptions,
): RenditionSet {
  const settings = shapedBy(shape, readRenditionQuery(query, form, options))
  const order = orderFor(form, settings, image, options)
  if (formOf(form, options.forms).isOfSet) {
    const parts = partsOf(image).map(({ frame, image: { width, height } }) => {
      return { frame, width, height }
    })
    return outlineSheet(parts, sheetOrderOf(settings, order))
  }
  const { sources, shown, sizes } = arrange(image, order)
  return {
    shown,
    sizes,
    sources: sources.map(({ boxes, ...source }) => ({
      ...source,
      files: boxes.map((box) => ({ ...box, file: `${box.width}.${source.format}` })),
    })),
  }
}

/** The files that a form asks for. @throws {GeminiImageError} `FORM_FAILED`, without a place. */
function orderFor(
  form: FormName,
  settings: AskedSettings,
  image: ResolvedImage,
  { forms }: RenditionOptions,
): Order {
  const subject: FormSubject = { hasAlpha: hasAlpha(image.look), format: image.format }
  const make = (): Order => orderOf(formOf(form, forms), settings, subject)
  return isBuiltIn(form) ? make() : checkedOrder(form, make)
}

/** A width stays; a height of the same box would be another shape's. */
function shapedBy(shape: RenditionWish['shape'], settings: AskedSettings): AskedSettings {
  if (!shape) return settings
  const { ratio: _ratio, height, ...rest } = settings
  const { crop, focus } = shape
  return {
    ...rest,
    ...(settings.width === undefined && height !== undefined && { height }),
    ...(crop !== undefined && { ratio: crop, focus: focus ?? settings.focus }),
  }
}

/** One size will do. */
function drafted(settings: RenditionSettings, image: ResolvedImage): RenditionSettings {
  const isFixed = settings.width !== undefined || settings.height !== undefined
  if (isFixed) return { ...settings, density: [1] }
  return { ...settings, widths: [Math.max(...(settings.widths ?? [image.width]))] }
}
