import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { PictureDetails, ShownImage } from '../protocol.ts'
import { candidatesOf, originOf, type Candidate } from './candidates.ts'
import { previewOf } from './card.tsx'
import { ChooseButton } from './choose-button.tsx'
import { Compare } from './compare.tsx'
import { FocusPoint, focusOf, type Point } from './focus-point.tsx'
import { Frame } from './frame.tsx'
import { Icon } from './icon.tsx'
import { Progress } from './progress.tsx'
import { pictureHash, replaceRoute, type View } from './route.ts'
import { SideBySide } from './side-by-side.tsx'
import { Strip } from './strip.tsx'
import { useZoom, type Zoom } from './zoom.ts'
import { ZoomBar } from './zoom-bar.tsx'

interface Props {
  readonly details: PictureDetails
  readonly view: View
}

/** The picture, large; or several of them. */
export function Stage({ details, view }: Props): JSX.Element {
  const zoom = useZoom()
  const [key, setKey] = useState<string>()
  const [aim, setAim] = useState<Point>()
  // What was just made, picked or brought is what a person wants to see.
  useEffect(() => setKey(undefined), [details.image?.key])
  const candidates = candidatesOf(details)
  const shown = shownOf(candidates, key)
  const several = candidates.length > 1
  const page = several ? view : 'one'
  return (
    <section
      class="stage"
      aria-label="Picture"
      style={{ '--ratio': `${details.width} / ${details.height}` }}
    >
      <div class="stage-bar">
        {several && <Views id={details.id} view={page} />}
        {shown && page === 'one' && details.can.edit === true && (
          <button
            type="button"
            class="quiet"
            aria-pressed={aim !== undefined}
            onClick={() => setAim(aim ? undefined : focusOf(details))}
          >
            <Icon name="aim" />
            Focus point
          </button>
        )}
        {shown && <ZoomBar zoom={zoom} />}
      </div>
      {page === 'side' && <SideBySide details={details} candidates={candidates} zoom={zoom} />}
      {page === 'compare' && (
        <Compare candidates={inFront(candidates, shown, details.change?.before)} zoom={zoom} />
      )}
      {page === 'one' && (
        <One details={details} shown={shown} zoom={zoom} aim={aim} setAim={setAim} />
      )}
      {aim && page === 'one' && (
        <FocusPoint details={details} at={aim} move={setAim} end={() => setAim(undefined)} />
      )}
      {several && shown && page === 'one' && (
        <>
          <Strip candidates={candidates} shown={shown} show={setKey} />
          <Chosen details={details} shown={shown} />
        </>
      )}
    </section>
  )
}

function shownOf(candidates: readonly Candidate[], key: string | undefined): Candidate | undefined {
  return (
    candidates.find(({ image }) => image.key === key) ??
    candidates.find(({ isCurrent }) => isCurrent) ??
    candidates[0]
  )
}

/** What is looked at is compared with the first of the others; of a change, what was there stands left. */
function inFront(
  candidates: readonly Candidate[],
  first: Candidate | undefined,
  before: ShownImage | undefined,
): readonly Candidate[] {
  const old = candidates.find(({ image }) => image.key === before?.key)
  const front = [old, first].filter((one) => one !== undefined)
  return [...new Set([...front, ...candidates])]
}

const VIEWS: Readonly<Record<View, string>> = {
  one: 'One',
  side: 'Side by side',
  compare: 'Compare',
}

function Views({ id, view }: { id: string; view: View }): JSX.Element {
  return (
    <div class="segments" role="group" aria-label="View">
      {(Object.keys(VIEWS) as View[]).map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === view}
          onClick={() => replaceRoute(pictureHash(id, one))}
        >
          {VIEWS[one]}
        </button>
      ))}
    </div>
  )
}

function One(props: {
  details: PictureDetails
  shown: Candidate | undefined
  zoom: Zoom
  aim: Point | undefined
  setAim: (aim: Point) => void
}): JSX.Element {
  const { details, shown, aim } = props
  if (!shown) return <Empty details={details} />
  return (
    <div class="stage-frame">
      <Frame
        image={shown.image}
        alt={details.alt || details.prompt.slice(0, 200)}
        zoom={props.zoom}
        isDimmed={details.state === 'generating' && shown.isCurrent}
        point={aim && ((x, y) => props.setAim({ x, y }))}
        mark={aim}
      />
      <Progress of={details} />
    </div>
  )
}

function Empty({ details }: { details: PictureDetails }): JSX.Element {
  const { width, height, blur } = details
  return (
    <div class="stage-frame">
      <div class="stage-empty" style={{ aspectRatio: `${width} / ${height}`, ...previewOf(blur) }}>
        <Icon name={details.state === 'refused' ? 'stop' : 'dashed'} size={32} />
        <p>{details.why ?? 'There is no picture yet.'}</p>
        <p class="muted">
          {width} × {height}
        </p>
      </div>
      <Progress of={details} />
    </div>
  )
}

function Chosen({ details, shown }: { details: PictureDetails; shown: Candidate }): JSX.Element {
  const { former } = shown
  return (
    <div class="chosen">
      <div>
        <p class="strong">
          {shown.label}
          {shown.isCurrent && <span class="tag">In use</span>}
        </p>
        {(former || shown.isCurrent) && <p class="muted">{originOf(former ?? details)}</p>}
        {shown.note !== undefined && <p class="chosen-note">{shown.note}</p>}
      </div>
      <ChooseButton key={shown.image.key} details={details} candidate={shown} />
    </div>
  )
}
