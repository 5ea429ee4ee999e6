import { z } from 'zod'
import { FOCUS } from '../pixels/renditions/settings-schema.ts'

/** A picture that is shown in the place of the one that is declared, where its condition holds. */
export interface SceneSetting {
  /** What is to be different, as a turn says it. */
  readonly prompt?: string | undefined
  readonly aspectRatio?: string | undefined
  readonly size?: string | undefined
  /** Alternative text of the scene alone. @default the picture's */
  readonly alt?: string | undefined
  readonly focus?: string | undefined
  /** The media query under which it is shown. */
  readonly media?: string | undefined
  readonly scheme?: SchemeSetting | undefined
  /** Another scene that it goes on from, or `crop`. @default the picture */
  readonly from?: string | undefined
}

/** The color scheme under which a scene is shown. */
interface SchemeSetting {
  readonly name: 'dark' | 'light'
  /** The selector that the page's root matches then. @default the reader's preference decides */
  readonly selector?: string | undefined
}

const text = z.string().trim().min(1)
/** What ends neither an attribute nor a rule of a stylesheet. */
const selector = text.regex(/^[.#[:*a-z][^{}<>;@\\]*$/i)

const scheme = z
  .union([
    z.enum(['dark', 'light']),
    z.strictObject({ dark: selector }),
    z.strictObject({ light: selector }),
  ])
  .transform((written): SchemeSetting => {
    if (typeof written === 'string') return { name: written }
    return 'dark' in written
      ? { name: 'dark', selector: written.dark }
      : { name: 'light', selector: written.light }
  })

const scene = z.strictObject({
  prompt: text.optional(),
  aspectRatio: z.string().optional(),
  size: z.union([z.string(), z.number()]).transform(String).optional(),
  alt: z.string().optional(),
  focus: z.string().regex(FOCUS).optional(),
  media: text.regex(/^[^{}<>;"]+$/).optional(),
  scheme: scheme.optional(),
  from: text.optional(),
})

const MOST_SCENES = 20

/** The setting `scenes`. */
export const scenesSchema: z.ZodType<Readonly<Record<string, SceneSetting>>> = z
  .record(z.string().regex(/^(?!crop$)[a-z][\w-]*$/i), scene)
  .refine((scenes) => Object.keys(scenes).length <= MOST_SCENES)

/** The keys of a scene. */
export const SCENE_KEYS: readonly string[] = Object.keys(scene.shape)
