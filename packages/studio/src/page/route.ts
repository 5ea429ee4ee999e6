import { useEffect, useState } from 'preact/hooks'

/** What is on the stage of a picture's page. */
export type View = 'one' | 'side' | 'compare'

/** Which page is shown: the part of the address behind `#`. */
export type Route =
  | { readonly page: 'gallery'; readonly query: string }
  | { readonly page: 'picture'; readonly id: string; readonly view: View }

const PICTURE = '#/picture/'

/** The address of a picture's page. */
export function pictureHash(id: string, view: View = 'one'): string {
  return `${PICTURE}${encodeURIComponent(id).replaceAll('%2F', '/')}${view === 'one' ? '' : `?view=${view}`}`
}

/** The address of the gallery, as it is filtered. */
export function galleryHash(query: string): string {
  return query ? `#/?${query}` : '#/'
}

/** Follows the address. */
export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash)
  useEffect(() => {
    const follow = (): void => setHash(location.hash)
    addEventListener('hashchange', follow)
    addEventListener('popstate', follow)
    follow()
    return () => {
      removeEventListener('hashchange', follow)
      removeEventListener('popstate', follow)
    }
  }, [])
  return read(hash)
}

/** Goes to an address in the place of this one: no step of Back's. */
export function replaceRoute(hash: string): void {
  history.replaceState(history.state, '', hash)
  dispatchEvent(new PopStateEvent('popstate'))
}

function read(hash: string): Route {
  const [path = '', query = ''] = hash.split('?', 2)
  if (!path.startsWith(PICTURE)) return { page: 'gallery', query }
  const view = new URLSearchParams(query).get('view')
  return {
    page: 'picture',
    id: decoded(path.slice(PICTURE.length)),
    view: view === 'side' || view === 'compare' ? view : 'one',
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
