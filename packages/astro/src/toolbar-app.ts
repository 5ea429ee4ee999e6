import { shownFiles } from './toolbar/shown-files.ts'

/** What Astro's dev toolbar gives to an app, as far as it is used here. */
interface ToolbarApp extends EventTarget {
  onToggled(callback: (options: { readonly state: boolean }) => void): void
}

const STYLE = `
  astro-dev-toolbar-window { inline-size: min(1180px, 100vw - 48px); max-inline-size: none; block-size: min(780px, 100vh - 140px); max-block-size: none; padding: 0; overflow: hidden; }
  iframe { inline-size: 100%; block-size: 100%; border: 0; border-radius: inherit; }
`

/** The digits by which pictures of ours are named in the names of their files. */
const DIGITS = /\.([0-9a-f]{12})\./

/** An app of Astro's dev toolbar: the door to the studio, which shows the pictures of this page first. */
export default {
  init(canvas: ShadowRoot, app: ToolbarApp): void {
    const style = document.createElement('style')
    style.textContent = STYLE
    const frame = document.createElement('astro-dev-toolbar-window')
    canvas.append(style, frame)
    app.onToggled(({ state }) => frame.replaceChildren(...(state ? [studio()] : [])))
  },
}

function studio(): HTMLIFrameElement {
  const frame = document.createElement('iframe')
  frame.title = 'Pictures of this site'
  const shown = shownFiles(document).flatMap((file) => DIGITS.exec(file)?.[1] ?? [])
  frame.src = `${import.meta.env.BASE_URL.replace(/\/?$/, '/')}__gemini-image/?shown=${shown.join()}`
  return frame
}
