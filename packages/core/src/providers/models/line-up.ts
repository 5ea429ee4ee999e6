import { unknownPrice, type AliasRow, type ModelRow, type PriceRow } from './model.ts'
import type { Pixels } from '../../pixels/image.ts'
import type { ProviderSetting, TransportName } from '../request.ts'
import type { CapabilityRule } from '../rules.ts'

/** The models that the declarations of a project may name. */
export interface LineUp {
  readonly models: readonly ModelRow[]
  readonly aliases: readonly AliasRow[]
  /** What no row can say: declarations that no model, or not this one, can generate. */
  readonly rules: readonly CapabilityRule[]
  /** The APIs that declarations and the option `transport` may name, the default first. @default none */
  readonly transports?: readonly TransportName[] | undefined
  /** Those of the settings that only some providers take. @default none */
  readonly takes?: readonly ProviderSetting[] | undefined
}

/**
 * A row of the configuration: what differs from the row that it stands for, or from the one it is
 * `like`.
 */
export interface ModelOverride extends Partial<Omit<ModelRow, 'id' | 'price'>> {
  /**
   * Prices; `{ ceiling: 0.25 }` for a model of which nobody says what it costs, `{ ceiling: 0.25, second: 0.001 }` for one
   * that is billed by the second.
   */
  readonly price?: PriceRow | UncountedPrice
  /** The row to start from. @default the built-in row of the same id */
  readonly like?: string
}

/**
 * A catalogue with a project's own rows and aliases.
 * @throws {Error} where a new row is `like` no row; the message names it.
 */
export function extendLineUp(
  base: LineUp,
  overrides: Readonly<Record<string, ModelOverride>>,
  aliases: Readonly<Record<string, string | readonly string[]>>,
): LineUp {
  const models = new Map<string, ModelRow>(base.models.map((row) => [row.id, row]))
  for (const [id, { like = id, price, ...changes }] of Object.entries(overrides)) {
    const known = models.get(like)
    if (!known)
      throw new Error(`the model "${id}" is like "${like}", which is not in the catalogue`)
    models.set(id, {
      ...known,
      name: id === like ? known.name : id,
      ...changes,
      ...(price && { price: toPriceRow(price) }),
      id,
    })
  }
  const named = new Map<string, AliasRow>(base.aliases.map((row) => [row.alias, row]))
  for (const [alias, target] of Object.entries(aliases)) {
    const [first, ...rest] = typeof target === 'string' ? [target] : target
    if (first !== undefined) named.set(alias, { alias, candidates: [first, ...rest] })
  }
  return { ...base, models: [...models.values()], aliases: [...named.values()] }
}

/** A price that no tokens count. */
type UncountedPrice = Required<Pick<PriceRow, 'ceiling'>> & Pick<PriceRow, 'second'>

function toPriceRow(price: PriceRow | UncountedPrice): PriceRow {
  return 'textIn' in price ? price : { ...unknownPrice(price.ceiling), ...price }
}

/** The rows behind an id or an alias, best first; empty where nobody knows the name. */
export function findModels(name: string, { models, aliases }: LineUp): ModelRow[] {
  const ids = aliases.find((row) => row.alias === name)?.candidates ?? [name]
  return ids.flatMap((id) => models.find((row) => row.id === id) ?? [])
}

/** The row behind an id or an alias (its first candidate), or `undefined`. */
export function findModel(name: string, lineUp: LineUp): ModelRow | undefined {
  return findModels(name, lineUp)[0]
}

/** Every name that a declaration may use, aliases first. */
export function modelNames({ models, aliases }: LineUp): string[] {
  return [...aliases.map((row) => row.alias), ...models.map((row) => row.id)]
}

/** The pixel size that the catalogue promises, or `undefined` where the model lacks it. */
export function pixelsOf(model: ModelRow, aspectRatio: string, size: string): Pixels | undefined {
  const row = ownValue(model.sizes, size)
  const found = row && ownValue(row.pixels, aspectRatio)
  return found && { width: found[0], height: found[1] }
}

/** A property that is the table's own: `constructor` is no size. */
export function ownValue<Value>(
  table: Readonly<Record<string, Value>>,
  key: string,
): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined
}
