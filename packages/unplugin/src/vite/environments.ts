import type { EnvironmentModuleGraph, EnvironmentModuleNode, ViteDevServer } from 'vite'

/** An environment of a dev server, as far as it is used here. */
export interface ServedEnvironment {
  readonly name: string
  readonly moduleGraph: EnvironmentModuleGraph
  reloadModule(module: EnvironmentModuleNode): Promise<void>
}

/** Vite 5, which VitePress 1 brings along, has one module graph for browser and server. */
type Legacy = Omit<ViteDevServer, 'environments'> &
  Pick<ServedEnvironment, 'moduleGraph' | 'reloadModule'> & { readonly environments?: undefined }

/** All environments of a server. */
export function environmentsOf(server: ViteDevServer): readonly ServedEnvironment[] {
  const { environments } = server as ViteDevServer | Legacy
  return environments ? Object.values(environments) : [clientOf(server)]
}

/** That of the browser. */
export function clientOf(server: ViteDevServer): ServedEnvironment {
  const given = server as ViteDevServer | Legacy
  if (given.environments) return given.environments.client
  const { moduleGraph } = given
  return { name: 'client', moduleGraph, reloadModule: (module) => given.reloadModule(module) }
}
