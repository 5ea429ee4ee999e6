import type { Place } from '../kernel/place.ts'
import type { Declaration } from './declaration.ts'
import type { TurnSetting } from './settings.ts'

/** A turn that stands elsewhere than under `turns`. */
interface AddedTurn extends Pick<TurnSetting, 'prompt' | 'aspectRatio' | 'size'> {
  /** Where it stands: all of it, or what a path leads to. */
  readonly at: (which: 'keyPlace' | 'valuePlace', path: readonly PropertyKey[]) => Place
}

/** A declaration with further turns, each in the shape of the one before where it names none. */
export function withTurns(declaration: Declaration, added: readonly AddedTurn[]): Declaration {
  const written = declaration.settings.get('turns')
  const turns = Array.isArray(written?.value) ? (written.value as readonly unknown[]) : []
  let shape = shapeOfTurn(turns.at(-1))
  const further = added.map(({ prompt, aspectRatio, size }) => {
    shape = { ...shape, ...(aspectRatio && { aspectRatio }), ...(size && { size }) }
    return { prompt, ...shape }
  })
  const placed = (path: readonly PropertyKey[] = [], which: 'keyPlace' | 'valuePlace'): Place => {
    const [index, ...rest] = path
    const one = typeof index === 'number' ? added[index - turns.length] : undefined
    if (one) return one.at(which, rest)
    return written?.[which](path) ?? added[0]?.at('valuePlace', []) ?? declaration.place
  }
  const settings = new Map(declaration.settings)
  settings.set('turns', {
    value: [...turns, ...further],
    keyPlace: (path) => placed(path, 'keyPlace'),
    valuePlace: (path) => placed(path, 'valuePlace'),
  })
  return { ...declaration, settings }
}

function shapeOfTurn(turn: unknown): { readonly aspectRatio?: unknown; readonly size?: unknown } {
  const { aspectRatio, size } = Object(turn) as Record<string, unknown>
  return { ...(aspectRatio !== undefined && { aspectRatio }), ...(size !== undefined && { size }) }
}
