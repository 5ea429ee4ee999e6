import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { ShownImage } from '../protocol.ts'
import { useLatest } from './studio.ts'

/** How pictures are looked at: several of them together, where they stand side by side. */
export interface Look {
  /** Device pixels for each pixel of the picture; `undefined` fits it into its frame. */
  readonly scale: number | undefined
  /** What is in the middle, from 0 to 1. */
  readonly x: number
  readonly y: number
}

export const FIT: Look = { scale: undefined, x: 0.5, y: 0.5 }
const LARGEST = 8
export const STEP = 1.4

export interface Zoom {
  readonly look: Look
  readonly set: (look: Look) => void
  /** The scale at which the picture fits, as its frame has found. */
  readonly fit: { current: number }
}

export function useZoom(): Zoom {
  const [look, set] = useState(FIT)
  const fit = useRef(1)
  return { look, set, fit }
}

/** One step in or out. */
export function stepped({ look, fit }: Zoom, by: number): Look {
  const scale = (look.scale ?? fit.current) * by
  return scale <= fit.current ? FIT : { ...look, scale: Math.min(LARGEST, scale) }
}

/** Moves by a part of what is seen. */
export function panned({ look, fit }: Zoom, by: Point): Look {
  const part = (0.15 * fit.current) / (look.scale ?? fit.current)
  const within = (value: number): number => Math.min(1, Math.max(0, value))
  return { ...look, x: within(look.x + by.x * part), y: within(look.y + by.y * part) }
}

/** A frame on the screen, and where a picture lies in it. */
export interface Framed {
  readonly left: number
  readonly top: number
  /** CSS pixels for each pixel of the picture. */
  readonly scale: number
  /** Of the scale at which it fits. */
  readonly fit: number
}

interface Size {
  readonly width: number
  readonly height: number
}

export function framed(image: Size, frame: Size, look: Look): Framed {
  const most = 1 / devicePixelRatio
  const fit = Math.min(frame.width / image.width, frame.height / image.height, most)
  const scale = look.scale === undefined ? fit : Math.max(look.scale * most, Math.min(fit, most))
  const place = (of: number, within: number, middle: number): number => {
    const free = within - of * scale
    return free >= 0 ? free / 2 : Math.min(0, Math.max(free, within / 2 - middle * of * scale))
  }
  return {
    left: place(image.width, frame.width, look.x),
    top: place(image.height, frame.height, look.y),
    scale,
    fit,
  }
}

/** Zooms by a factor so that a point of the frame stays where it is. */
function zoomed(image: Size, frame: Size, look: Look, by: number, at?: Point): Look {
  const { left, top, scale, fit } = framed(image, frame, look)
  const to = Math.min(LARGEST / devicePixelRatio, scale * by)
  if (to <= fit) return FIT
  const point = at ?? { x: frame.width / 2, y: frame.height / 2 }
  const middle = (of: number, within: number, start: number, there: number): number =>
    ((there - start) / scale + (within / 2 - there) / to) / of
  return {
    scale: to * devicePixelRatio,
    x: middle(image.width, frame.width, left, point.x),
    y: middle(image.height, frame.height, top, point.y),
  }
}

/** Moves what is seen by CSS pixels. */
function moved(image: Size, frame: Size, look: Look, by: Point): Look {
  const { left, top, scale } = framed(image, frame, look)
  if (look.scale === undefined) return look
  return {
    scale: look.scale,
    x: (frame.width / 2 - left - by.x) / (image.width * scale),
    y: (frame.height / 2 - top - by.y) / (image.height * scale),
  }
}

export interface Point {
  readonly x: number
  readonly y: number
}

export function useSize(ref: { current: HTMLElement | null }): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return undefined
    const measure = (): void =>
      setSize({ width: element.clientWidth, height: element.clientHeight })
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return size
}

/** Wheel, pinch, drag and double click on a frame. */
export function useGestures(
  ref: { current: HTMLElement | null },
  image: ShownImage,
  { look, set }: Zoom,
  isOff = false,
): void {
  const latest = useLatest({ look, image, isOff })
  const pointers = useRef(new Map<number, Point>())
  useEffect(() => {
    const element = ref.current
    if (!element) return undefined
    const stop = new AbortController()
    const size = (): Size => ({ width: element.clientWidth, height: element.clientHeight })
    const within = ({ clientX, clientY }: MouseEvent): Point => {
      const { left, top } = element.getBoundingClientRect()
      return { x: clientX - left, y: clientY - top }
    }
    const zoomBy = (by: number, at: Point): void =>
      set(zoomed(latest().image, size(), latest().look, by, at))
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault()
      zoomBy(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)), within(event))
    }
    const onDown = (event: PointerEvent): void => {
      if (latest().isOff || event.button !== 0) return
      pointers.current.set(event.pointerId, within(event))
      element.setPointerCapture(event.pointerId)
    }
    const onMove = (event: PointerEvent): void => {
      const before = pointers.current.get(event.pointerId)
      if (!before) return
      const now = within(event)
      const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1]
      pointers.current.set(event.pointerId, now)
      if (other) zoomBy(distance(now, other) / distance(before, other), other)
      else {
        const by = { x: now.x - before.x, y: now.y - before.y }
        set(moved(latest().image, size(), latest().look, by))
      }
    }
    const onUp = ({ pointerId }: PointerEvent): void => void pointers.current.delete(pointerId)
    const onDouble = (event: MouseEvent): void => {
      if (latest().isOff) return
      if (latest().look.scale !== undefined) set(FIT)
      else {
        const { scale } = framed(latest().image, size(), FIT)
        zoomBy(1 / devicePixelRatio / scale, within(event))
      }
    }
    const { signal } = stop
    element.addEventListener('wheel', onWheel, { passive: false, signal })
    element.addEventListener('pointerdown', onDown, { signal })
    element.addEventListener('pointermove', onMove, { signal })
    element.addEventListener('pointerup', onUp, { signal })
    element.addEventListener('pointercancel', onUp, { signal })
    element.addEventListener('dblclick', onDouble, { signal })
    return () => stop.abort()
  }, [])
}

function distance(one: Point, other: Point): number {
  return Math.max(1, Math.hypot(one.x - other.x, one.y - other.y))
}
