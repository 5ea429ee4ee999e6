import { createPortal, type JSX, type VNode } from 'preact'
import { useCallback, useState } from 'preact/hooks'
import { Icon } from './icon.tsx'

interface Toast {
  readonly number: number
  readonly text: string
  /** Of two on one topic, the later one stays. */
  readonly topic: string
  readonly isError: boolean
}

const STAY = 6000

interface ToastBox {
  readonly toasts: readonly Toast[]
  readonly say: (text: string, topic?: string) => void
  readonly fail: (error: unknown) => void
  readonly dismiss: (number: number) => void
}

/** What was said in passing. Errors stay until a person has read them. */
export function useToasts(): ToastBox {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const dismiss = useCallback((number: number) => {
    setToasts((all) => all.filter((toast) => toast.number !== number))
  }, [])
  const add = useCallback((text: string, topic: string, isError: boolean) => {
    const number = performance.now()
    setToasts((all) => [
      ...all.filter((toast) => toast.topic !== topic),
      { number, text, topic, isError },
    ])
    if (!isError) setTimeout(() => dismiss(number), STAY)
  }, [])
  const say = useCallback((text: string, topic = text) => add(text, topic, false), [])
  const fail = useCallback((error: unknown) => {
    const words = wordsOf(error)
    add(words, words, true)
  }, [])
  return { toasts, say, fail, dismiss }
}

interface Props extends Pick<ToastBox, 'toasts' | 'dismiss'> {
  /** A modal dialog hides all that is not in it. */
  readonly within: HTMLElement | undefined
}

export function Toasts({ within, ...props }: Props): VNode {
  const shown = <ToastList {...props} />
  return within ? createPortal(shown, within) : shown
}

function ToastList(props: Pick<ToastBox, 'toasts' | 'dismiss'>): JSX.Element {
  const news = props.toasts.filter(({ isError }) => !isError)
  const errors = props.toasts.filter(({ isError }) => isError)
  return (
    <div class="toasts">
      <div role="alert">
        {errors.map(({ number, text }) => (
          <div class="toast toast-error" key={number}>
            <Icon name="warning" />
            <p>{text}</p>
            <button
              type="button"
              class="quiet square"
              aria-label="Dismiss this message"
              onClick={() => props.dismiss(number)}
            >
              <Icon name="close" />
            </button>
          </div>
        ))}
      </div>
      <div role="status">
        {news.map(({ number, text }) => (
          <div class="toast" key={number}>
            <p>{text}</p>
          </div>
        ))}
      </div>
    </div>
  )
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
