import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Adopting } from './adopt.tsx'
import { Card } from './card.tsx'
import type { Row } from './rows.ts'

interface Props {
  readonly row: Row
  /** Of all pictures, in order. */
  readonly ids: readonly string[]
  /** The picture that Tab reaches. */
  readonly reachable: string | undefined
  readonly leave: (id: string) => void
  readonly adopt: (adopting: Adopting) => void
}

/** Pictures that stand beside each other. They are drawn only while they are near to what can be seen. */
export function PictureRow(props: Props): JSX.Element {
  const { row, ids, reachable } = props
  const ref = useRef<HTMLDivElement>(null)
  const isNear = useNear(ref)
  const isDrawn = isNear || row.pictures.some(({ picture }) => picture.id === reachable)
  const isTall = row.pictures.some(({ picture }) => picture.why !== undefined)
  const height = row.height + (isTall ? 92 : 56)
  return (
    <div ref={ref} class="row" style={{ height: `${height}px` }}>
      {isDrawn && (
        <div class="row-cards">
          {row.pictures.map(({ picture, width }) => (
            <Card
              key={picture.id}
              picture={picture}
              frame={{ width, height: row.height }}
              position={{ at: ids.indexOf(picture.id) + 1, of: ids.length }}
              isReachable={picture.id === reachable}
              leave={() => props.leave(picture.id)}
              adopt={props.adopt}
            />
          ))}
        </div>
      )}
    </div>
  )
}

/** Whether an element is on the screen, or one screen away from it. */
function useNear(ref: { current: Element | null }): boolean {
  const [isNear, setNear] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (!element) return undefined
    const observer = new IntersectionObserver(
      (entries) => setNear(entries.at(-1)?.isIntersecting ?? false),
      { rootMargin: '100% 0px' },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return isNear
}
