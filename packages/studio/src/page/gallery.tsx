import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Overview } from '../protocol.ts'
import { AdoptDialog, type Adopting } from './adopt.tsx'
import { readFilter, sectionsOf, writeFilter, type Filter, type Section } from './filter.ts'
import { Header } from './header.tsx'
import { NoPictures, NothingMatches } from './messages.tsx'
import { Problems } from './problems.tsx'
import { PictureRow } from './picture-row.tsx'
import { galleryHash, replaceRoute } from './route.ts'
import { rowsOf, type Row } from './rows.ts'
import { Toolbar } from './toolbar.tsx'

interface Props {
  readonly overview: Overview
  /** The filter, as the address says it. */
  readonly query: string
  readonly left: LeftAt
}

/** Where a person was when the gallery was last left. */
export interface LeftAt {
  id: string | undefined
  scroll: number
  query: string
}

/** Rows under a heading. */
interface LaidOut {
  readonly section: Section
  readonly rows: readonly Row[]
}

/** All pictures. */
export function Gallery({ overview, query, left }: Props): JSX.Element {
  const { pictures, problems } = overview
  const [filter, setFilter] = useState<Filter>(() => readFilter(query))
  const [adopting, setAdopting] = useState<Adopting>()
  const sections = useMemo(() => sectionsOf(pictures, filter), [pictures, filter])
  const change = (next: Filter): void => {
    setFilter(next)
    replaceRoute(galleryHash(writeFilter(next)))
  }
  left.query = writeFilter(filter)
  useScrollOf(left)
  return (
    <>
      <Header overview={overview} />
      {pictures.length > 0 && <Toolbar pictures={pictures} filter={filter} change={change} />}
      <main class="gallery" aria-label="Pictures">
        <Problems problems={problems} />
        {pictures.length === 0 && <NoPictures />}
        {pictures.length > 0 && sections.length === 0 && (
          <NothingMatches clear={() => change({ ...filter, text: '', state: 'all' })} />
        )}
        {sections.length > 0 && <Sections sections={sections} left={left} adopt={setAdopting} />}
      </main>
      {adopting && <AdoptDialog {...adopting} close={() => setAdopting(undefined)} />}
    </>
  )
}

interface SectionsProps {
  readonly sections: readonly Section[]
  readonly left: LeftAt
  readonly adopt: (adopting: Adopting) => void
}

function Sections({ sections, left, adopt }: SectionsProps): JSX.Element {
  const ref = useRef<HTMLDivElement>(null)
  const width = useWidth(ref)
  const laidOut = useMemo(() => layOut(sections, width), [sections, width])
  const ids = useMemo(
    () => sections.flatMap(({ pictures }) => pictures.map(({ id }) => id)),
    [sections],
  )
  const { reachable, onKeyDown } = useArrows(ref, { laidOut, ids, left, isReady: width > 0 })
  return (
    <div ref={ref} onKeyDown={onKeyDown}>
      {laidOut.map(({ section, rows }) => {
        const heading = section.folder === undefined ? undefined : section.folder || '/'
        return (
          <section key={section.folder ?? ''} aria-label={heading ?? 'All pictures'}>
            {heading !== undefined && (
              <h2 class="folder">
                {heading} <span class="count">{section.pictures.length}</span>
              </h2>
            )}
            <div class="rows" role="list" aria-label={heading ?? 'All pictures'}>
              {rows.map((row) => (
                <PictureRow
                  key={row.pictures[0]?.picture.id}
                  row={row}
                  ids={ids}
                  reachable={reachable}
                  leave={(id) => (left.id = id)}
                  adopt={adopt}
                />
              ))}
            </div>
          </section>
        )
      })}
    </div>
  )
}

interface Moves {
  readonly laidOut: readonly LaidOut[]
  readonly ids: readonly string[]
  readonly left: LeftAt
  readonly isReady: boolean
}

/** Arrow keys move between pictures; Tab reaches one of them. */
function useArrows(
  ref: { current: HTMLElement | null },
  { laidOut, ids, left, isReady }: Moves,
): { reachable: string | undefined; onKeyDown: (event: KeyboardEvent) => void } {
  const [current, setCurrent] = useState(left.id)
  const reachable = current !== undefined && ids.includes(current) ? current : ids[0]
  useEffect(() => {
    if (left.id !== undefined) focusCard(ref.current, left.id, true)
  }, [isReady])
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || reachable === undefined) return
    const rows = laidOut.flatMap(({ rows }) => rows)
    const next = neighbour(rows, reachable, event.key)
    if (next === undefined) return
    event.preventDefault()
    left.id = next
    setCurrent(next)
    // The row may not have been drawn until now.
    requestAnimationFrame(() => focusCard(ref.current, next))
  }
  return { reachable, onKeyDown }
}

/** Narrow screens get lower rows, so that a picture still has one to itself at most. */
function layOut(sections: readonly Section[], width: number): readonly LaidOut[] {
  if (width === 0) return []
  const isNarrow = width < 600
  const space = { width, gap: isNarrow ? 12 : 20, height: isNarrow ? 220 : 270 }
  return sections.map((section) => ({ section, rows: rowsOf(section.pictures, space) }))
}

/** The picture that an arrow key leads to. */
function neighbour(rows: readonly Row[], id: string, key: string): string | undefined {
  const ids = rows.map(({ pictures }) => pictures.map(({ picture }) => picture.id))
  const flat = ids.flat()
  const at = flat.indexOf(id)
  if (key === 'ArrowRight') return flat[at + 1]
  if (key === 'ArrowLeft') return flat[at - 1]
  if (key === 'Home') return flat[0]
  if (key === 'End') return flat.at(-1)
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return undefined
  const row = ids.findIndex((one) => one.includes(id))
  const to = rows[row + (key === 'ArrowDown' ? 1 : -1)]
  const from = rows[row]
  return to && from && nearest(to, middleOf(from, id))
}

function middleOf({ pictures }: Row, id: string): number {
  let left = 0
  for (const { picture, width } of pictures) {
    if (picture.id === id) return left + width / 2
    left += width
  }
  return left
}

function nearest(row: Row, middle: number): string | undefined {
  const distance = ({ picture }: Row['pictures'][number]): number =>
    Math.abs(middleOf(row, picture.id) - middle)
  return row.pictures.toSorted((one, other) => distance(one) - distance(other))[0]?.picture.id
}

function focusCard(within: Element | null, id: string, isReturn = false): void {
  const card = within?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)
  card?.focus({ preventScroll: true })
  if (!isReturn) card?.closest('.card')?.scrollIntoView({ block: 'nearest' })
}

function useWidth(ref: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return undefined
    setWidth(element.clientWidth)
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return width
}

/** Back returns to the same place. */
export function useScrollOf(left: LeftAt): void {
  useEffect(() => {
    scrollTo(0, left.scroll)
    const note = (): void => {
      left.scroll = scrollY
    }
    addEventListener('scroll', note, { passive: true })
    return () => removeEventListener('scroll', note)
  }, [])
}
