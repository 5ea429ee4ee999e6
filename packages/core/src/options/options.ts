import type { TransportName } from '../providers/request.ts'
import type { ModelName } from '../providers/built-in.ts'
import type { ModelOverride } from '../providers/models/line-up.ts'
import type { SharedStore } from '../team/shared-store.ts'
import type { Provider } from '../providers/provider.ts'
import type { ProviderDefinition } from '../providers/definition.ts'
import type { LayerSetting } from '../declare/layers.ts'
import type { CustomForms } from '../pixels/renditions/forms/custom-form.ts'
import type { RenditionSettings } from '../pixels/renditions/settings.ts'

/**
 * What happens to a picture that is declared and not pinned.
 *
 * - `auto`: it is generated, within the budget.
 * - `frozen`: it is an error. Nothing is ever generated.
 * - `placeholder`: a placeholder of the exact size takes its place. Nothing is ever generated.
 *
 * A pinned picture is used in every mode.
 */
export type Mode = 'auto' | 'frozen' | 'placeholder'

/** Where pictures are kept. */
export interface StoreOptions {
  /**
   * Whether `.gemini-image/` is committed. Where it is not, git is told to ignore it, and pictures
   * come from the shared store, or from what a CI system restores.
   * @default true
   */
  readonly commit?: boolean | undefined
  /**
   * Where a team shares what it has paid for: `s3Store(…)`, `redisStore(…)`, `unstorageStore(…)` or
   * one of your own. What is pinned is fetched from it, in every mode; what is generated is uploaded.
   * @default none
   */
  readonly shared?: SharedStore | undefined
  /**
   * Whether nothing may be written to the shared store. The environment variable
   * `GEMINI_IMAGE_STORE`, `readonly` or `off`, beats it; a run that cannot generate never writes.
   * @default false
   */
  readonly readonly?: boolean | undefined
  /**
   * Milliseconds without a sign of life after which another machine may generate what this one began.
   * @default 30_000
   */
  readonly leaseExpiry?: number | undefined
}

/** What pictures say of themselves. */
interface LabelOptions {
  /**
   * Whether the label that is written into picture files holds the prompt as well. Whoever has the file
   * can read it.
   * @default false
   */
  readonly prompt?: boolean | undefined
}

/** What a person may set. The API key is not among it: it is read from the environment only. */
export interface Options {
  /**
   * The folder that holds `gemini-image.lock` and `.gemini-image/`.
   * @default the nearest folder, from the host's root upwards, with a `gemini-image.lock` or a
   *   `package.json`
   */
  readonly root?: string | undefined
  /**
   * What happens to a picture that is not pinned. The environment variable `GEMINI_IMAGE_MODE`
   * beats it.
   * @default 'frozen' when `CI` is set, else 'auto'
   */
  readonly mode?: Mode | undefined
  /**
   * The model of declarations that name none.
   * @default 'nano-banana'
   */
  readonly model?: ModelName | undefined
  /**
   * The most that one run may spend, in US dollars. Checked for all that is missing before the
   * first call.
   * @default 1.00
   */
  readonly budget?: number | undefined
  /**
   * The most that a calendar month (UTC) may cost, in US dollars: what `gemini-image.ledger` says of it, what open
   * batch jobs will cost, and what is missing. Checked like `budget`, before the first call.
   * @default none
   */
  readonly monthlyBudget?: number | undefined
  /**
   * Calls side by side.
   * @default 6
   */
  readonly concurrency?: number | undefined
  /**
   * Milliseconds for one attempt at one picture.
   * @default 180_000
   */
  readonly timeout?: number | undefined
  /**
   * Attempts at one picture in all, where trying again makes sense.
   * @default 4
   */
  readonly attempts?: number | undefined
  /**
   * Milliseconds for all attempts at one picture, the waits between them included.
   * @default 600_000
   */
  readonly totalTimeout?: number | undefined
  /**
   * Milliseconds before the second attempt, unless the server asks for more; about doubled each time.
   * @default 1000
   */
  readonly retryDelay?: number | undefined
  /**
   * Milliseconds that a prompt file must rest unchanged before a dev server generates its picture:
   * a pause in typing spends, a keystroke does not.
   * @default 2000
   */
  readonly quietPeriod?: number | undefined
  /**
   * The version of the API.
   * @default 'v1beta'
   */
  readonly apiVersion?: string | undefined
  /**
   * The API for declarations that name none, of those that the provider has.
   * @default the provider's: 'generate-content' for the built-in models
   */
  readonly transport?: TransportName | undefined
  /**
   * Whether the server keeps what turns go on from (`previous_interaction_id`), in place of being sent it
   * again. Of use with `interactions` only; it is kept for 55 days on the paid tier.
   * @default false
   */
  readonly serverState?: boolean | undefined
  /**
   * Name → text that `style: name` adds to a prompt, as a paragraph of its own.
   * @default {}
   */
  readonly styles?: Readonly<Record<string, string>> | undefined
  /**
   * Name → text that replaces `{{name}}` in prompts.
   * @default {}
   */
  readonly vars?: Readonly<Record<string, string>> | undefined
  /**
   * The languages of the site, as BCP 47 has them; the first is for readers of all others. `each: { language: site }`
   * declares a picture for each.
   * @default those that the configuration of Astro, Next.js, next-intl, VitePress or Paraglide lists as constants
   */
  readonly languages?: readonly string[] | undefined
  /**
   * Hosts (with the port where it is not 443) from which reference images may be fetched, over https
   * only.
   * @default []
   */
  readonly remoteHosts?: readonly string[] | undefined
  /**
   * Models to add, and what is to be different of built-in ones, by id. A new model names the one
   * that it is `like`.
   * @default {}
   */
  readonly models?: Readonly<Record<string, ModelOverride>> | undefined
  /**
   * Aliases to add or to point elsewhere: an id, or several in the order in which they are tried.
   * @default {}
   */
  readonly aliases?: Readonly<Record<string, string | readonly string[]>> | undefined
  /**
   * Glob patterns of folders and files, relative to the root, that the scan for declarations
   * leaves out, besides `node_modules`, `dist` and dot folders.
   * @default []
   */
  readonly exclude?: readonly string[] | undefined
  /**
   * Where pictures are kept.
   * @default { commit: true }
   */
  readonly store?: StoreOptions | undefined
  /**
   * Name → rendition settings that `preset=name` in an import stands for. Those of `default` hold where an
   * import names no preset.
   * @default {}
   */
  readonly presets?: Readonly<Record<string, RenditionSettings>> | undefined
  /**
   * Name → a form of your own, which an import asks for with `as=name`: what `defineForm()` takes. Small letters, digits
   * and hyphens; the names of built-in forms are taken.
   * @default {}
   */
  readonly forms?: CustomForms | undefined
  /**
   * Name → layers that `layers: name` in a declaration stands for. Their paths are from the root.
   * @default {}
   */
  readonly layers?: Readonly<Record<string, readonly LayerSetting[]>> | undefined
  /**
   * What the labels in picture files hold besides the digital source type, the model and the date.
   * @default { prompt: false }
   */
  readonly labels?: LabelOptions | undefined
  /**
   * Who generates: what a function such as `vertex()` gives, or a provider of your own, which needs no key.
   * @default the provider of the built-in models, with the key of the environment
   */
  readonly provider?: Provider | ProviderDefinition | undefined
}
