import type { Safety, TransportName } from '../providers/request.ts'
import type { ModelName } from '../providers/models/catalogue.ts'
import type { ThinkingLevel } from '../providers/models/model.ts'
import type { TemplateName } from './templates/templates.ts'
import type { ReferenceSetting, TransparentSetting, TurnSetting } from './settings.ts'

/** A declaration as an object: in a macro, a component or frontmatter. */
export interface PictureSettings {
  /** What is to be drawn. A template can take its place. */
  readonly prompt?: string | undefined
  /**
   * Alternative text; empty for a decorative picture. A build demands it (`MISSING_ALT`). It is no part of
   * what is asked of the model.
   */
  readonly alt?: string | undefined
  /** A draft of it, which is never shown: rename it to `alt` once it was read. */
  readonly altDraft?: string | undefined
  /** An id or an alias of the catalogue. @default the option `model` */
  readonly model?: ModelName | undefined
  /** @default '1:1' */
  readonly aspectRatio?: string | undefined
  /** `512`, `1K`, `2K` or `4K`. @default '1K' */
  readonly size?: string | number | undefined
  /** Images that the model is to look at: paths, prompt files, or https addresses. */
  readonly references?: readonly (string | ReferenceSetting)[] | undefined
  /** Further instructions, each of which changes the picture of the one before. */
  readonly turns?: readonly (string | TurnSetting)[] | undefined
  readonly template?: TemplateName | undefined
  /** What the template is filled in with. */
  readonly slots?: Readonly<Record<string, unknown>> | undefined
  /** Names of styles in the options, or paths of style files. */
  readonly style?: string | readonly string[] | undefined
  /** Name → text that replaces `{{name}}`. */
  readonly vars?: Readonly<Record<string, string | number | boolean>> | undefined
  /** The system instruction. */
  readonly system?: string | undefined
  /** A whole number of 32 bits. */
  readonly seed?: number | undefined
  /** 0 to 2. */
  readonly temperature?: number | undefined
  readonly safety?: Safety | undefined
  readonly thinking?: ThinkingLevel | undefined
  /** Whether interim pictures and texts are stored for looking at. @default false */
  readonly keepThoughts?: boolean | undefined
  /** What the model may look up. */
  readonly grounding?: { readonly web?: boolean; readonly images?: boolean } | undefined
  /** The age at which the picture is stale: `30m`, `12h`, `1d`, `2w`. @default never */
  readonly fresh?: string | undefined
  /** How many pictures are drawn to choose from. @default 1 */
  readonly variants?: number | undefined
  /** The variant that was chosen, from 1. */
  readonly pick?: number | undefined
  readonly output?: 'image' | 'text-and-image' | undefined
  /** The API to ask. @default the option `transport` */
  readonly transport?: TransportName | undefined
  /**
   * What to keep where renditions cut the picture: `attention`, `entropy`, `center`, or a place such as
   * `30% 60%`, from the left and from the top. It is no part of what is asked of the model.
   * @default 'attention'
   */
  readonly focus?: string | undefined
  /**
   * Whether the subject is cut out, so that the picture has a transparent background. `key` is the colour that is
   * drawn behind it and removed: `#00ff00`.
   * @default false
   */
  readonly transparent?: boolean | TransparentSetting | undefined
}
