import type { JSX } from 'preact'
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Overview } from '../protocol.ts'
import { Changes } from './changes.tsx'
import { connect, type Status } from './connection.ts'
import { Gallery, type LeftAt } from './gallery.tsx'
import { KeyList } from './key-list.tsx'
import { Loading, NoToken } from './messages.tsx'
import { newsOf } from './news.ts'
import { PicturePage } from './picture.tsx'
import { galleryHash, useRoute, type Route } from './route.ts'
import { StudioContext, type Studio } from './studio.ts'
import { Toasts, useToasts } from './toasts.tsx'
import { readWritten, written } from './written.ts'

/** Several changes at once are looked at once. */
const REST = 50

/** The whole page. */
export function App(): JSX.Element {
  const [status, setStatus] = useState<Status>('connecting')
  const { toasts, say, fail, dismiss } = useToasts()
  const project = useProject(setStatus, say, fail)
  const { overview, version } = project
  const [covering, cover] = useState<HTMLDialogElement>()
  const studio: Studio = useMemo(() => ({ ...project, say, fail, cover }), [overview, version])
  if (status === 'refused') return <NoToken />
  return (
    <StudioContext.Provider value={studio}>
      {status === 'lost' && (
        <p class="offline" role="status">
          The dev server does not answer. The studio goes on as soon as it is back.
        </p>
      )}
      {overview ? <Page overview={overview} /> : <Loading />}
      <KeyList />
      <Toasts toasts={toasts} dismiss={dismiss} within={covering} />
    </StudioContext.Provider>
  )
}

/** The gallery, or one picture. The gallery takes up where it was left. */
function Page({ overview }: { overview: Overview }): JSX.Element {
  const route = useRoute()
  const left = useRef<LeftAt>({ id: undefined, scroll: 0, query: '' })
  useNoStrayDrops()
  useTitle(overview, route)
  if (route.page === 'picture') {
    const { id, view } = route
    left.current.id = id
    return <PicturePage key={id} id={id} view={view} back={galleryHash(left.current.query)} />
  }
  if (overview.written?.what === 'changes') {
    return <Changes overview={overview} left={left.current} />
  }
  return <Gallery overview={overview} query={route.query} left={left.current} />
}

function useProject(
  setStatus: (status: Status) => void,
  say: Studio['say'],
  fail: Studio['fail'],
): Omit<Studio, 'say' | 'fail' | 'cover'> {
  const [seen, setSeen] = useState<{ overview: Overview | undefined; version: number }>({
    overview: undefined,
    version: 0,
  })
  const last = useRef<Overview | undefined>(undefined)
  const look = useRef<() => void>(() => undefined)
  const api = useMemo(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const lookSoon = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => look.current(), REST)
    }
    const listener = {
      status: (status: Status): void => {
        setStatus(status)
        if (status === 'open') look.current()
      },
      changed: lookSoon,
    }
    const page = written()
    return page ? readWritten(page, listener) : connect(listener)
  }, [])
  const refresh = useCallback(async () => {
    const overview = await api.overview()
    for (const { text, topic } of newsOf(last.current, overview)) say(text, topic)
    last.current = overview
    setSeen(({ version }) => ({ overview, version: version + 1 }))
    return overview
  }, [])
  look.current = () => void refresh().catch(fail)
  return { api, refresh, isReadOnly: seen.overview?.written !== undefined, ...seen }
}

function useTitle({ name, pictures }: Overview, route: Route): void {
  const id = route.page === 'picture' ? route.id : undefined
  const picture = pictures.find((one) => one.id === id)?.name
  useEffect(() => {
    document.title = `${picture === undefined ? '' : `${picture} · `}${name} · gemini-image studio`
  }, [name, picture])
}

/** A file that is dropped beside a picture must not take the place of the page. */
function useNoStrayDrops(): void {
  useEffect(() => {
    const keep = (event: DragEvent): void => event.preventDefault()
    addEventListener('dragover', keep)
    addEventListener('drop', keep)
    return () => {
      removeEventListener('dragover', keep)
      removeEventListener('drop', keep)
    }
  }, [])
}
