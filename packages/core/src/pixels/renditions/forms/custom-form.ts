import type { Order } from '../order.ts'
import type { AskedSettings, FormFacts, FormPart, FormSet, FormSubject, Writer } from './form.ts'
import type { RenditionParameter } from './names.ts'

/**
 * A form of rendition of your own, for the option `forms`: what an import with `as=` and its name makes of a picture.
 * @typeParam Value What the import gives by default.
 */
export interface CustomForm<Value = unknown> {
  /**
   * The settings that an import may give.
   * @default all of renditions, and presets, which only a form without this takes; with parts, what all of them take
   */
  readonly takes?: readonly RenditionParameter[] | undefined
  /**
   * Whether it is one file, which a stylesheet, a page or a URL can take: the largest one of the last format.
   * @default false
   */
  readonly isOneFile?: boolean | undefined
  /**
   * Whether it shows the scenes of a picture as well: `facts.scenes` holds them. A form of several parts has none.
   * @default false
   */
  readonly hasScenes?: boolean | undefined
  /**
   * Which files are made of a picture: their settings and formats, or built-in forms that it consists of. Called once for
   * each import. A dev server makes one WebP file in their place where this is left out.
   * @default what the import says, as WebP where it names no format
   */
  readonly makes?:
    | ((asked: AskedSettings, subject: FormSubject) => Order)
    | readonly FormPart[]
    | undefined
  /**
   * What the import gives by default: texts, numbers, booleans, `null`, and lists and plain objects of them.
   * @param sets The files that were made: one rendition, or one for each of the parts.
   * @param facts What is known of the picture.
   * @param write Gives the addresses of files.
   * @throws whatever it likes: it becomes a `FORM_FAILED` at the import.
   */
  value(
    sets: readonly [FormSet, ...FormSet[]],
    facts: FormFacts,
    write: Writer,
  ): Value | Promise<Value>
}

/** Name → form: the option `forms`. */
export type CustomForms = Readonly<Record<string, CustomForm>>

/**
 * Gives a form back as it is: an editor knows its types then.
 *
 * ```ts
 * // gemini-image.config.ts
 * import { defineConfig, defineForm } from 'unplugin-gemini-image/config'
 *
 * const formats = defineForm({
 *   makes: (asked) => ({ settings: asked, formats: ['avif', 'webp'] }),
 *   value: ([set], { alt }, write) => ({
 *     alt,
 *     ...set.shown,
 *     srcsets: set.sources.map(({ type, files }) => ({ type, srcset: write.srcset(files) })),
 *   }),
 * })
 *
 * export default defineConfig({ forms: { formats } })
 * ```
 *
 * Then `import hero from './hero.prompt.md?gemini-image&as=formats'` gives that object, on every host.
 */
export function defineForm<Value>(form: CustomForm<Value>): CustomForm<Value> {
  return form
}
