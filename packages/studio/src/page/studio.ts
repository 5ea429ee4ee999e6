import { createContext } from 'preact'
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks'
import type { Overview, StudioApi } from '../protocol.ts'

/** What every part of the page may use. */
export interface Studio {
  readonly api: StudioApi
  readonly overview: Overview | undefined
  /** Whether the page was written down once, so that nothing can be changed. */
  readonly isReadOnly: boolean
  /** Grows whenever something in the project has changed. */
  readonly version: number
  /** Looks again, and returns what there is now. */
  refresh(): Promise<Overview>
  /**
   * Says something in passing, on the page and to screen readers.
   * @param topic In the place of what was said of it before. @default the text
   */
  say(text: string, topic?: string): void
  /** Says what went wrong. */
  fail(error: unknown): void
  /** The dialog that lies over everything else, for messages to lie in. */
  cover(dialog: HTMLDialogElement | undefined): void
}

export const StudioContext: ReturnType<typeof createContext<Studio | undefined>> = createContext<
  Studio | undefined
>(undefined)

export function useStudio(): Studio {
  const studio = useContext(StudioContext)
  if (!studio) throw new Error('This part stands outside of the studio.')
  return studio
}

/**
 * Something that a person asks for, at most once at a time: a second click while it is under way does nothing.
 * What goes wrong is said.
 */
export function useAction<Args extends unknown[]>(
  action: (...args: Args) => Promise<void>,
): [(...args: Args) => void, boolean] {
  const { fail } = useStudio()
  const isUnderWay = useRef(false)
  const [isBusy, setBusy] = useState(false)
  const run = (...args: Args): void => {
    if (isUnderWay.current) return
    isUnderWay.current = true
    setBusy(true)
    void action(...args)
      .catch(fail)
      .finally(() => {
        isUnderWay.current = false
        setBusy(false)
      })
  }
  return [run, isBusy]
}

/** Asks the server whenever `inputs` or the project change. What it said before stays until it answers. */
export function useAnswer<Answer>(
  ask: () => Promise<Answer>,
  inputs: readonly unknown[],
): Answer | undefined {
  const { version, fail } = useStudio()
  const [answer, setAnswer] = useState<{ inputs: readonly unknown[]; value: Answer }>()
  useEffect(() => {
    let isCurrent = true
    ask().then((value) => isCurrent && setAnswer({ inputs, value }), fail)
    return () => {
      isCurrent = false
    }
  }, [...inputs, version])
  const isSame = answer?.inputs.every((input, index) => input === inputs[index])
  return isSame ? answer?.value : undefined
}

/** Opens a place of the source in the editor. */
export function useOpen(): (place: string) => void {
  const { api } = useStudio()
  const [open] = useAction((place: string) => api.open(place))
  return open
}

/** A value that follows another once it has rested. */
export function useLatest<Value>(value: Value): () => Value {
  const ref = useRef(value)
  ref.current = value
  return useCallback(() => ref.current, [])
}
