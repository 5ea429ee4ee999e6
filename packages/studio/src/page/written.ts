import { ACTIONS, type StudioApi, type WrittenPage } from '../protocol.ts'
import type { Listener } from './connection.ts'

/** What `data.js` leaves behind, which the page loads first where no server answers. */
export function written(): WrittenPage | undefined {
  return (globalThis as { geminiImageStudio?: WrittenPage }).geminiImageStudio
}

/** A page that was written down once, in the place of a server. */
export function readWritten({ overview, details }: WrittenPage, listener: Listener): StudioApi {
  queueMicrotask(() => listener.status('open'))
  const refuse = (): Promise<never> => Promise.reject(new Error('Nothing can be changed here.'))
  const actions = Object.fromEntries(ACTIONS.map((name) => [name, refuse]))
  return {
    ...(actions as Record<(typeof ACTIONS)[number], typeof refuse>),
    overview: () => Promise.resolve(overview),
    details: (id: string) => Promise.resolve(details[id]),
    proposeEdit: refuse,
  }
}
