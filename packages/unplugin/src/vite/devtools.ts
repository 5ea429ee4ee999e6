import type { Plugin, ViteDevServer } from 'vite'

/** What Vite DevTools gives to plugins, as far as it is used here. */
interface DevToolsContext {
  readonly viteServer?: ViteDevServer
  readonly docks: { register(entry: object): unknown }
}

/** Vite's type knows this hook only where Vite DevTools is installed. */
interface WithDevTools extends Plugin {
  readonly devtools: {
    readonly capabilities: { readonly build: false }
    setup(context: DevToolsContext): void
  }
}

/** Our page's icon, so that nothing is asked of a server of icons. */
const ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#4f5bd5"/><path d="M7 23.5 13 14l4.5 6.5 3-4 4.5 7z" fill="#fff"/><circle cx="21.5" cy="10.5" r="2.5" fill="#fff"/></svg>',
)}`

/**
 * A dock of Vite DevTools that shows the studio. Where they are not installed, nobody calls the hook.
 * @param address Of the studio on its server, without a token: whoever may see the docks need not be one who may spend. The
 *   page is given the token by itself where it may be.
 */
export function dockWith(
  address: (server: ViteDevServer) => string | undefined,
): Pick<WithDevTools, 'devtools'> {
  const setup = ({ viteServer, docks }: DevToolsContext): void => {
    const url = viteServer && address(viteServer)
    if (url === undefined) return
    docks.register({
      id: 'gemini-image',
      type: 'iframe',
      title: 'Pictures',
      icon: ICON,
      category: 'app',
      url,
    })
  }
  return { devtools: { capabilities: { build: false }, setup } }
}
