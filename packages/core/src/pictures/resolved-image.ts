import { fileOfId, selectionOfId, type DeclarationId } from '../declare/declaration.ts'
import type { Member } from '../declare/languages.ts'
import { scenesOf, type Scene } from '../declare/scenes.ts'
import { withScene } from '../declare/selection.ts'
import { joinTexts, type AnswerPart, type Grounding } from '../providers/provider.ts'
import { formatOf, type BlurPreview, type Pixels } from '../pixels/image.ts'
import path from 'node:path'
import type { Place } from '../kernel/place.ts'
import type { SourceType } from '../pixels/labels/xmp/packet.ts'
import { imagesOf, type LockEntry, type StoredImage } from '../pin/lock-entry.ts'
import type { Declared } from '../plan/declared.ts'
import type { Layer } from '../pixels/layers/layer.ts'
import type { WhyShown } from './stand-in.ts'

/** A picture as a file that a host can take over. */
interface PictureFile extends Pixels {
  /** Absolute path. */
  readonly file: string
  /** `jpeg`, `png` or `webp`. */
  readonly format: string
}

/** A declaration's picture. The file of its own is the last of {@link ResolvedImage.images}. */
export interface ResolvedImage extends PictureFile {
  /** `pinned`: the real one. `placeholder`: a placeholder of the same pixel size. */
  readonly state: 'pinned' | 'placeholder'
  readonly fingerprint: string
  /** How its files are named. */
  readonly name: string
  /** SHA-256 of the file's bytes, in hex; `undefined` for a placeholder. */
  readonly object: string | undefined
  /** What a page shows before the picture is there. */
  readonly look: BlurPreview
  /** The same as the URI of a PNG of under 1 KB. It is drawn when it is asked for. */
  readonly placeholder: string
  /** What to keep where renditions cut it, as declared. */
  readonly focus: string | undefined
  /** What is drawn over it; `undefined` for nothing. */
  readonly layers?: readonly Layer[] | undefined
  /** Alternative text as declared; `undefined` where none was. */
  readonly alt: string | undefined
  /** A draft of it that nobody has confirmed, and that no page shows. */
  readonly altDraft: string | undefined
  readonly prompt: string
  /** The model that drew it; `placeholder` while there is no picture yet, `adopted` for a picture that no model drew. */
  readonly model: string
  /** How it came about, as a term of IPTC's; of a placeholder, what the picture's will be. */
  readonly digitalSourceType: SourceType
  /** Where it is declared. */
  readonly place: Place
  /** All pictures of the answer, in order; most answers hold one. */
  readonly images: readonly PictureFile[]
  /** Text and pictures of the answer, in order; pictures by their number in {@link ResolvedImage.images}. */
  readonly parts: readonly AnswerPart[]
  /** The text that came along, in paragraphs; empty where none did. */
  readonly text: string
  /** What its provider wants to be shown beside it; `undefined` where nothing was looked up. */
  readonly grounding: Grounding | undefined
  /** Absolute paths of all files, besides the declaring one, that decide what it shows. */
  readonly inputs: readonly string[]
  /** What is shown in its place where a condition holds, in the order declared. */
  readonly scenes?: readonly PictureScene[] | undefined
  /** What is shown in its place by language; the first is for all other languages. `undefined` for a picture. */
  readonly languages?: readonly PictureMember[] | undefined
  /** The pictures that `as=sheet` puts together, each with the name of its frame; its own facts are those of the first. */
  readonly sheet?:
    | readonly {
        readonly frame: string
        readonly id: DeclarationId
        readonly image: ResolvedImage
      }[]
    | undefined
  /** Why a placeholder is shown; only where people look on while they work. */
  readonly why?: WhyShown | undefined
}

/** What is shown to readers of a language. */
interface PictureMember extends Member {
  /** Its picture; `undefined` where nobody has looked for it yet. */
  readonly image?: ResolvedImage | undefined
}

/** A scene of a picture: what a page shows in its place where a condition holds. */
interface PictureScene extends Scene {
  /** The declaration of the scene, where it is drawn. */
  readonly id: DeclarationId | undefined
  /** Its picture; `undefined` where it is cropped, or nobody has looked for it yet. */
  readonly image?: ResolvedImage | undefined
}

/** A picture whose placeholder nobody can ask for yet: see {@link withPlaceholder}. */
export type BareImage = Omit<ResolvedImage, 'placeholder'>

/** What is not in a declaration, nor in all entries. */
export type FoundOut = Pick<ResolvedImage, 'look' | 'digitalSourceType'>

/** The picture that the lockfile pins. */
export function pinnedImage(
  declared: Declared,
  entry: LockEntry,
  found: FoundOut,
  storeDir: string,
): BareImage {
  // A part of a kind that a newer gemini-image wrote is passed over.
  const parts = (entry.parts ?? [{ image: 0 }]).filter((part) => 'text' in part || 'image' in part)
  return {
    ...common(declared),
    ...toFile(entry, storeDir),
    state: 'pinned',
    object: entry.object,
    ...found,
    model: entry.model,
    images: imagesOf(entry).map((image) => toFile(image, storeDir)),
    parts,
    text: joinTexts(parts.flatMap((part) => ('text' in part ? part.text : []))),
    grounding: entry.grounding,
  }
}

/** The placeholder for a picture that is not there. */
export function placeholderImage(declared: Declared, file: string, found: FoundOut): BareImage {
  const { width, height } = declared.result.pixels
  const state = 'placeholder'
  const format = declared.spec.transparent ? 'png' : 'jpeg'
  const picture = { file, width, height, format }
  return {
    ...common(declared),
    ...picture,
    state,
    object: undefined,
    ...found,
    model: state,
    images: [picture],
    parts: [{ image: 0 }],
    text: '',
    grounding: undefined,
  }
}

function toFile({ file, width, height, type }: StoredImage, storeDir: string): PictureFile {
  return { file: path.join(storeDir, file), width, height, format: formatOf(type) }
}

type Common =
  | 'fingerprint'
  | 'name'
  | 'alt'
  | 'altDraft'
  | 'prompt'
  | 'focus'
  | 'layers'
  | 'place'
  | 'inputs'
  | 'scenes'
  | 'languages'

function common(declared: Declared): Pick<ResolvedImage, Common> {
  const { fingerprint, name, spec, place, inputs, languages } = declared
  const { alt, altDraft, prompt, focus, layers } = spec
  const scenes = spec.scenes && { scenes: scenesIn(declared) }
  return {
    fingerprint,
    name,
    alt,
    altDraft,
    prompt,
    focus,
    place,
    inputs,
    ...(layers && { layers }),
    ...(languages ? { languages: languages.members } : scenes),
  }
}

function scenesIn({ id, spec }: Declared): readonly PictureScene[] {
  const [file, selection] = [fileOfId(id), selectionOfId(id)]
  return scenesOf(spec).map((scene) => ({
    ...scene,
    id: scene.isCropped ? undefined : file + withScene(selection, scene.name),
  }))
}
