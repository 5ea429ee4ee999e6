import type { StudioHost } from './host.ts'
import { StudioServer } from './studio.ts'

/** How a studio is served. */
export interface StudioOptions {
  /** Where: `/__gemini-image/`. */
  readonly base: string
  /** Whoever knows it may look and spend. @default one that nobody can guess */
  readonly token?: string
}

/** The studio of one project. Requests, responses and sockets are Node.js's; their types are left to whoever has them. */
export interface Studio {
  readonly base: string
  /** What a person opens, on a server of this origin: `http://localhost:5173/__gemini-image/#token=…`. */
  addressAt(origin: string): string
  /** Answers what is asked below {@link Studio.base}, and leaves the rest alone. */
  middleware(request: object, response: object, next: () => void): void
  /** Takes a WebSocket connection that is meant for the studio. @returns Whether it was. */
  upgrade(request: object, socket: object, head: Uint8Array): boolean
  /** What is declared or pinned may have changed. */
  changed(): void
  close(): Promise<void>
}

/**
 * Opens the studio of a project. Nothing is read yet.
 * @param folder The project's cache folder.
 */
export function openStudio(host: StudioHost, folder: string, options: StudioOptions): Studio {
  return new StudioServer(host, folder, options)
}
