import type { PictureItem, ToolbarAnswer, ToolbarRequest, VariantItem } from './protocol.ts'

/** Asks the dev server. */
export type Ask = (request: ToolbarRequest) => Promise<ToolbarAnswer>

/** What the panel calls upon. */
export interface PanelActions {
  /** Sends a request, and shows the list anew afterwards. */
  run(request: ToolbarRequest): void
  /** Opens a file in the editor. */
  open(location: string): void
}

const STYLE = `
  .list { display: grid; gap: 16px; margin: 0; padding: 0; list-style: none; max-height: 420px; overflow: auto; }
  .picture { display: grid; grid-template-columns: 96px 1fr; gap: 12px; }
  .picture img { inline-size: 96px; block-size: 72px; object-fit: cover; border-radius: 6px; background: #343841; }
  .name { margin: 0; color: #fff; font-size: 14px; font-weight: 600; }
  .prompt { margin: 4px 0; display: -webkit-box; -webkit-line-clamp: 3; -webkit-box-orient: vertical; overflow: hidden; white-space: pre-line; }
  .facts { margin: 0; color: #98a2b3; font-size: 12px; }
  .state-missing, .state-stale { color: #fbbf24; }
  .actions { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; align-items: center; }
  .variants { grid-column: 1 / -1; display: flex; gap: 8px; flex-wrap: wrap; }
  .variants .facts { inline-size: 100%; }
  .variants button { border: 2px solid transparent; border-radius: 8px; padding: 0; background: none; cursor: pointer; }
  .variants button[aria-pressed='true'] { border-color: #b083f0; }
  .message { color: #fbbf24; white-space: pre-wrap; }
`

/** The panel's content for what the server has answered. Texts are never taken for HTML. */
export function panel(answer: ToolbarAnswer, actions: PanelActions): DocumentFragment {
  const { pictures = [], message, canDraw = false } = answer
  const content = document.createDocumentFragment()
  const heading = pictures.length === 1 ? '1 picture' : `${pictures.length} pictures`
  content.append(
    element('style', { textContent: STYLE }),
    element('h1', { textContent: `${heading} of gemini-image on this page` }),
  )
  if (message) content.append(element('p', { className: 'message', textContent: message }))
  const items = pictures.map((picture) => toItem(picture, canDraw, actions))
  const list = element('ul', { className: 'list' })
  list.append(...items)
  content.append(list)
  return content
}

function toItem(picture: PictureItem, canDraw: boolean, actions: PanelActions): HTMLElement {
  const item = element('li', { className: 'picture' })
  item.dataset['id'] = picture.id
  const facts = element('p', { className: 'facts' })
  facts.append(
    element('span', { className: `state-${picture.state}`, textContent: picture.state }),
    ` · ${picture.model} · ${picture.price} · ${picture.place}`,
  )
  const words = element('div', {})
  words.append(
    element('p', { className: 'name', textContent: picture.name }),
    element('p', { className: 'prompt', textContent: picture.prompt }),
    facts,
    buttons(picture, canDraw, actions),
  )
  item.append(thumbnail(picture.src, picture.alt ?? ''), words)
  if (picture.variants.length > 0) item.append(variants(picture, actions))
  return item
}

function buttons(picture: PictureItem, canDraw: boolean, actions: PanelActions): HTMLElement {
  const row = element('div', { className: 'actions' })
  const verb = picture.state === 'missing' ? 'Draw' : 'Draw again'
  const draw = button(`${verb} (${picture.redrawPrice})`, () =>
    actions.run({ action: 'redraw', id: picture.id }),
  )
  draw.dataset['action'] = 'redraw'
  draw.toggleAttribute('disabled', !canDraw)
  const open = button('Open', () => actions.open(picture.location))
  open.dataset['action'] = 'open'
  row.append(draw, open)
  return row
}

function variants({ id, variants: all }: PictureItem, actions: PanelActions): HTMLElement {
  const row = element('div', { className: 'variants' })
  const label = element('p', { className: 'facts', textContent: 'Variants: click one to pick it' })
  row.append(label, ...all.map((variant) => toButton(variant)))
  return row

  function toButton({ number, isPicked, src }: VariantItem): HTMLElement {
    const choose = element('button', { type: 'button', title: `Pick variant ${number}` })
    choose.setAttribute('aria-pressed', String(isPicked))
    choose.dataset['variant'] = String(number)
    choose.append(thumbnail(src, `Variant ${number}`))
    choose.addEventListener('click', () => actions.run({ action: 'pick', id, variant: number }))
    return choose
  }
}

function button(label: string, onClick: () => void): HTMLElement {
  const made = document.createElement('astro-dev-toolbar-button')
  made.textContent = label
  made.setAttribute('size', 'small')
  made.addEventListener('click', onClick)
  return made
}

function thumbnail(src: string | undefined, alt: string): HTMLElement {
  return element('img', { alt, width: 96, height: 72, ...(src !== undefined && { src }) })
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]>,
): HTMLElementTagNameMap[Name] {
  return Object.assign(document.createElement(name), properties)
}
