import { endpoint, token } from 'virtual:gemini-image/toolbar'
import { panel, type PanelActions } from './toolbar/panel.ts'
import type { ToolbarAnswer, ToolbarRequest } from './toolbar/protocol.ts'
import { shownFiles } from './toolbar/shown-files.ts'

/** What Astro's dev toolbar gives to an app, as far as it is used here. */
interface ToolbarApp extends EventTarget {
  onToggled(callback: (options: { readonly state: boolean }) => void): void
  toggleNotification(options: { readonly state: boolean; readonly level?: 'warning' }): void
}

/**
 * An app of Astro's dev toolbar: the pictures on this page, what they were drawn from, and what can be
 * done about them.
 */
export default {
  init(canvas: ShadowRoot, app: ToolbarApp): void {
    const frame = document.createElement('astro-dev-toolbar-window')
    canvas.append(frame)
    const list = (): Promise<ToolbarAnswer> => ask({ action: 'list', files: shownFiles(document) })
    const show = (answer: ToolbarAnswer): void => frame.replaceChildren(panel(answer, actions))
    const actions: PanelActions = {
      async run(request) {
        frame.setAttribute('aria-busy', 'true')
        const { message } = await ask(request)
        const listed = await list()
        frame.removeAttribute('aria-busy')
        show(message === undefined ? listed : { ...listed, message })
      },
      open: (location) => void fetch(`/__open-in-editor?file=${encodeURIComponent(location)}`),
    }
    app.onToggled(({ state }) => {
      if (state) void list().then(show)
    })
  },
}

async function ask(request: ToolbarRequest): Promise<ToolbarAnswer> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-gemini-image-token': token },
    body: JSON.stringify(request),
  })
  return (await response.json()) as ToolbarAnswer
}
