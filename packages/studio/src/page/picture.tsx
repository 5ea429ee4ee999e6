import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { PictureDetails, PictureItem } from '../protocol.ts'
import { AdoptDialog } from './adopt.tsx'
import { Details } from './details.tsx'
import { useDrop } from './drop.ts'
import { Icon } from './icon.tsx'
import { isTyping } from './keys.ts'
import { pictureHash, replaceRoute, type View } from './route.ts'
import { Stage } from './stage.tsx'
import { State } from './state.tsx'
import { useAnswer, useStudio } from './studio.ts'

/** One picture: large, with all that is known of it and all that can be done with it. */
export function PicturePage(props: { id: string; view: View; back: string }): JSX.Element {
  const { id, view, back } = props
  const { api, overview } = useStudio()
  const pictures = overview?.pictures ?? []
  const at = pictures.findIndex((picture) => picture.id === id)
  const item = pictures[at]
  const answer = useAnswer(() => api.details(id), [id])
  useKeys(pictures[at - 1], pictures[at + 1], back)
  useMoved(id, item)
  const [file, setFile] = useState<File>()
  const drop = useDrop(setFile)
  if (!item) return <Gone />
  // The overview is the newer of both where a call has landed meanwhile.
  const details: PictureDetails | undefined = answer && { ...answer, ...item }
  return (
    <>
      <Bar item={item} back={back} before={pictures[at - 1]} after={pictures[at + 1]} />
      <main class="picture" aria-busy={!details} {...drop.handlers}>
        {details ? (
          <>
            <Stage details={details} view={view} />
            <Details details={details} adopt={setFile} />
          </>
        ) : (
          <p class="message muted">Reading…</p>
        )}
        {drop.isOver && <p class="drop-words">Drop to adopt</p>}
      </main>
      {file && <AdoptDialog picture={item} file={file} close={() => setFile(undefined)} />}
    </>
  )
}

function Bar(props: {
  item: PictureItem
  back: string
  before: PictureItem | undefined
  after: PictureItem | undefined
}): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    scrollTo(0, 0)
    heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <header class="header picture-header">
      <a class="button quiet" href={props.back} aria-keyshortcuts="Escape">
        <Icon name="back" />
        Pictures
      </a>
      <div class="header-title">
        <h1 ref={heading} tabIndex={-1}>
          {props.item.name}
        </h1>
        <State of={props.item} />
      </div>
      <nav aria-label="Pictures" class="beside">
        <Beside to={props.before} label="Previous picture" icon="back" />
        <Beside to={props.after} label="Next picture" icon="next" />
      </nav>
    </header>
  )
}

function Beside(props: {
  to: PictureItem | undefined
  label: string
  icon: 'back' | 'next'
}): JSX.Element {
  const { to } = props
  return (
    <button
      type="button"
      class="quiet square"
      aria-label={props.label}
      disabled={!to}
      onClick={() => to && replaceRoute(pictureHash(to.id))}
    >
      <Icon name={props.icon} />
    </button>
  )
}

function useKeys(
  before: PictureItem | undefined,
  after: PictureItem | undefined,
  back: string,
): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (isTyping(event)) return
      if (event.key === 'Escape') location.hash = back
      const to = { ArrowLeft: before, ArrowRight: after }[event.key]
      if (to) replaceRoute(pictureHash(to.id))
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [before?.id, after?.id, back])
}

/** An inline declaration has another id once it is edited, at the same place. */
function useMoved(id: string, item: PictureItem | undefined): void {
  const { overview } = useStudio()
  const place = useRef(item?.place)
  useEffect(() => {
    if (item) {
      place.current = item.place
      return
    }
    const moved = overview?.pictures.find((picture) => picture.place === place.current)
    if (moved) replaceRoute(pictureHash(moved.id))
  }, [id, item?.place, overview])
}

function Gone(): JSX.Element {
  return (
    <main class="message">
      <h1>Nothing declares this picture</h1>
      <p class="muted">Its declaration was deleted or renamed.</p>
      <a class="button" href="#/">
        All pictures
      </a>
    </main>
  )
}
