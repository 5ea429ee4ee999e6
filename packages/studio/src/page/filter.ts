import type { PictureItem, PictureState } from '../protocol.ts'
import { stateWord, urgencyOf } from './state.tsx'

export const SHOWN_STATES = [
  'page',
  'all',
  'pinned',
  'missing',
  'stale',
  'refused',
  'generating',
  'undecided',
  'accepted',
  'rejected',
  'unused',
  'removed',
] as const
export type ShownState = (typeof SHOWN_STATES)[number]

export const SORTS = {
  source: 'Source order',
  name: 'Name',
  state: 'Needs attention',
  price: 'Price',
}
export type Sort = keyof typeof SORTS

export const GROUPS = { none: 'All together', folder: 'By folder' }
export type Group = keyof typeof GROUPS

/** What the gallery shows, and how. */
export interface Filter {
  readonly text: string
  readonly state: ShownState
  readonly sort: Sort
  readonly group: Group
}

/** Pictures under one heading. */
export interface Section {
  /** A folder; `undefined` where all stand together. */
  readonly folder: string | undefined
  readonly pictures: readonly PictureItem[]
}

/** The filter in the page's address. */
export function readFilter(query: string): Filter {
  const given = new URLSearchParams(query)
  const state = given.get('state') ?? ''
  const sort = given.get('sort') ?? ''
  return {
    text: given.get('q') ?? '',
    state: SHOWN_STATES.find((one) => one === state) ?? (ON_PAGE.size > 0 ? 'page' : 'all'),
    sort: Object.hasOwn(SORTS, sort) ? (sort as Sort) : 'source',
    group: given.get('group') === 'folder' ? 'folder' : 'none',
  }
}

/** Says only what is not as at the beginning. */
export function writeFilter({ text, state, sort, group }: Filter): string {
  const query = new URLSearchParams()
  if (text) query.set('q', text)
  if (state !== 'all' || ON_PAGE.size > 0) query.set('state', state)
  if (sort !== 'source') query.set('sort', sort)
  if (group !== 'none') query.set('group', group)
  return query.toString()
}

const OTHER_WORDS = {
  all: 'All',
  page: 'On this page',
  unused: 'Unused',
  undecided: 'Undecided',
  accepted: 'Accepted',
  rejected: 'Rejected',
} satisfies Partial<Record<ShownState, string>>

/** How a chip names a state. */
export function shownWord(state: ShownState): string {
  if (state in OTHER_WORDS) return OTHER_WORDS[state as keyof typeof OTHER_WORDS]
  return stateWord(state as PictureState)
}

/** The beginnings of the hashes in the names of files that a page of the site shows: its toolbar says them. */
const ON_PAGE: ReadonlySet<string> = new Set(
  new URLSearchParams(location.search).get('shown')?.split(',').filter(Boolean),
)

/** A picture's file is named by its object, a placeholder by the fingerprint. */
function isOnPage({ image, fingerprint }: PictureItem): boolean {
  return [image?.key, fingerprint].some((hash) => hash && ON_PAGE.has(hash.slice(0, 12)))
}

/** A person's own picture is pinned as well; a batch job is a way of generating. */
export function isShown(picture: PictureItem, state: ShownState): boolean {
  if (state === 'page') return isOnPage(picture)
  if (state === 'all') return true
  if (state === 'unused') return picture.isUnused
  if (state === 'pinned') return picture.state === 'pinned' || picture.state === 'adopted'
  if (state === 'generating') return picture.state === 'generating' || picture.state === 'pending'
  if (state === 'accepted' || state === 'rejected') return picture.decision?.verdict === state
  if (state === 'undecided') return isDecidable(picture) && !picture.decision
  return picture.state === state
}

/** Whether there is the picture that is asked for, for a reviewer to decide on. */
export function isDecidable({ state, image }: PictureItem): boolean {
  return (state === 'pinned' || state === 'adopted') && image !== undefined
}

function matches(picture: PictureItem, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const own = `${picture.name} ${picture.label} ${picture.prompt}`.toLowerCase()
  return words.every((word) => own.includes(word))
}

/** The pictures that are shown, in order, under their headings. */
export function sectionsOf(pictures: readonly PictureItem[], filter: Filter): readonly Section[] {
  const shown = pictures.filter(
    (picture) => isShown(picture, filter.state) && matches(picture, filter.text),
  )
  const sorted = filter.sort === 'source' ? shown : shown.toSorted(ORDERS[filter.sort])
  if (sorted.length === 0) return []
  if (filter.group === 'none') return [{ folder: undefined, pictures: sorted }]
  const folders = Map.groupBy(sorted, ({ folder }) => folder)
  return [...folders].map(([folder, group]) => ({ folder, pictures: group }))
}

const ORDERS: Readonly<
  Record<Exclude<Sort, 'source'>, (one: PictureItem, other: PictureItem) => number>
> = {
  name: (one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }),
  state: (one, other) => urgencyOf(one.state) - urgencyOf(other.state),
  price: (one, other) => dollarsOf(other.price) - dollarsOf(one.price),
}

/** The first amount in "$0.03 to $0.05". */
function dollarsOf(price: string): number {
  return Number.parseFloat(/[\d.]+/.exec(price)?.[0] ?? '0')
}
