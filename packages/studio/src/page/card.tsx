import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { PictureItem } from '../protocol.ts'
import { thumbnailsOf, addressOf } from './address.ts'
import type { Adopting } from './adopt.tsx'
import { useDrop } from './drop.ts'
import { Icon } from './icon.tsx'
import { Progress } from './progress.tsx'
import { pictureHash } from './route.ts'
import { State } from './state.tsx'

interface Props {
  readonly picture: PictureItem
  /** In CSS pixels. */
  readonly frame: { readonly width: number; readonly height: number }
  readonly position: { readonly at: number; readonly of: number }
  readonly isReachable: boolean
  readonly leave: () => void
  readonly adopt: (adopting: Adopting) => void
}

/** A picture in the gallery. A file that is dropped on it takes its place. */
export function Card(props: Props): JSX.Element {
  const { picture, frame, position, isReachable } = props
  const drop = useDrop((file) => props.adopt({ picture, file }))
  return (
    <div
      class={drop.isOver ? 'card is-over' : 'card'}
      style={{ width: `${frame.width}px` }}
      role="listitem"
      aria-posinset={position.at}
      aria-setsize={position.of}
      {...drop.handlers}
    >
      <div class="frame" style={{ height: `${frame.height}px` }}>
        <Thumbnail picture={picture} width={frame.width} />
        <Progress of={picture} />
        {drop.isOver && <p class="drop-words">Drop to adopt</p>}
      </div>
      <div class="caption">
        <a
          href={pictureHash(picture.id)}
          data-id={picture.id}
          tabIndex={isReachable ? 0 : -1}
          onClick={props.leave}
        >
          {picture.name}
        </a>
        {picture.state !== 'adopted' && <span class="price">{picture.price}</span>}
      </div>
      <div class="caption-state">
        <State of={picture} />
        {picture.variants > 1 && <span class="muted">{picture.variants} variants</span>}
      </div>
      {picture.why !== undefined && <p class="why">{picture.why}</p>}
    </div>
  )
}

/** The picture over its preview; or, where there is none, the room that it will take. */
function Thumbnail({ picture, width }: { picture: PictureItem; width: number }): JSX.Element {
  const [isLoaded, setLoaded] = useState(false)
  const { image, blur, alt, prompt } = picture
  const shape = image ?? picture
  const look = { aspectRatio: `${shape.width} / ${shape.height}`, ...previewOf(blur) }
  if (!image) {
    return (
      <div class="thumbnail is-empty" style={look}>
        <Icon name={picture.state === 'refused' ? 'stop' : 'dashed'} size={22} />
      </div>
    )
  }
  const classes = ['thumbnail', isLoaded && 'is-loaded', isWaiting(picture) && 'is-waiting']
  return (
    <div
      class={classes.filter(Boolean).join(' ')}
      style={isLoaded ? { aspectRatio: look.aspectRatio } : look}
    >
      <img
        src={addressOf(image, 320)}
        srcset={thumbnailsOf(image) || undefined}
        sizes={`${width}px`}
        width={image.width}
        height={image.height}
        alt={alt || prompt.slice(0, 120)}
        loading="lazy"
        decoding="async"
        draggable={false}
        onLoad={() => setLoaded(true)}
      />
    </div>
  )
}

/** The old picture stays while a new one is generated. */
const isWaiting = ({ state }: PictureItem): boolean => state === 'generating'

/** A data URL, or a CSS colour. */
export function previewOf(blur: string | undefined): Record<string, string> {
  if (!blur) return {}
  return blur.startsWith('data:')
    ? { backgroundImage: `url("${blur}")` }
    : { backgroundColor: blur }
}
