import type { ComponentChildren, JSX } from 'preact'
import { useRef } from 'preact/hooks'
import type { ShownImage } from '../protocol.ts'
import { addressOf } from './address.ts'
import { framed, useGestures, useSize, type Zoom } from './zoom.ts'

interface Props {
  readonly image: ShownImage
  readonly alt: string
  readonly zoom: Zoom
  readonly blur?: Record<string, string> | undefined
  readonly isDimmed?: boolean
  /** What a click on the picture points at, in percent. Then nothing is dragged. */
  readonly point?: ((x: number, y: number) => void) | undefined
  /** A place to mark, in percent. */
  readonly mark?: { readonly x: number; readonly y: number } | undefined
  readonly children?: ComponentChildren
}

/** A frame that a picture can be zoomed and dragged in. */
export function Frame(props: Props): JSX.Element {
  const { image, zoom, point, mark } = props
  const ref = useRef<HTMLDivElement>(null)
  const size = useSize(ref)
  useGestures(ref, image, zoom, point !== undefined)
  const { left, top, scale, fit } = framed(image, size, zoom.look)
  if (size.width > 0) zoom.fit.current = fit * devicePixelRatio
  const width = image.width * scale
  const height = image.height * scale
  const classes = ['zoom-frame', zoom.look.scale && 'is-zoomed', point && 'is-aiming']
  return (
    <div class={classes.filter(Boolean).join(' ')} ref={ref}>
      {size.width > 0 && (
        <div
          class={props.isDimmed ? 'zoom-picture is-waiting' : 'zoom-picture'}
          style={{ left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` }}
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect()
            point?.(
              percent((event.clientX - box.left) / box.width),
              percent((event.clientY - box.top) / box.height),
            )
          }}
        >
          <img
            key={image.key}
            src={addressOf(image)}
            alt={props.alt}
            width={image.width}
            height={image.height}
            draggable={false}
            decoding="async"
            style={{ backgroundImage: `url("${addressOf(image, 640)}")` }}
          />
          {mark && <span class="mark" style={{ left: `${mark.x}%`, top: `${mark.y}%` }} />}
        </div>
      )}
      {props.children}
    </div>
  )
}

function percent(part: number): number {
  return Math.round(Math.min(1, Math.max(0, part)) * 100)
}
