import { hash } from 'node:crypto'
import { formatDollars, formatEstimate } from '@gemini-image/core/internal'
import { asHtml } from '../output/markdown.ts'
import { count } from '../output/table.ts'
import { SCRIPT, STYLE } from './style.ts'
import type { ShownPicture, Thumbnail } from './thumbnails.ts'

/** What stands above the pictures. */
export interface SheetHead {
  /** The name of the project. */
  readonly name: string
  /** What all that is pinned has cost, in US dollars. */
  readonly paid: number
}

/** The filters in their order, as far as a picture fits them. `no alt` goes across the states. */
const FILTERS = [
  'broken',
  'lost',
  'missing',
  'pending',
  'refused',
  'stale',
  'pinned',
  'unused',
  'no-alt',
] as const

/** The page: one file that needs nothing else. */
export function sheetPage(head: SheetHead, pictures: readonly ShownPicture[]): string {
  const title = `Generated pictures of ${asHtml(head.name)}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src ${source(STYLE)}; script-src ${source(SCRIPT)}; base-uri 'none'; form-action 'none'">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="sum">${summary(pictures, head)}</p>
${filters(pictures)}
</header>
<main>
${pictures.map(card).join('\n')}
</main>
<p class="nothing"${pictures.length > 0 ? ' hidden' : ''}>No picture.</p>
<script>${SCRIPT}</script>
</body>
</html>
`
}

/** Nothing but these two may run or style, whatever a prompt holds. */
function source(text: string): string {
  return `'sha256-${hash('sha256', text, 'base64')}'`
}

function summary(pictures: readonly ShownPicture[], { paid }: SheetHead): string {
  const parts = FILTERS.flatMap((name) => {
    const number = pictures.filter((one) => labelsOf(one).includes(name)).length
    return number > 0 ? `${number} ${nameOf(name)}` : []
  })
  return [count(pictures.length, 'picture'), ...parts, `${formatDollars(paid)} paid`].join(' · ')
}

function filters(pictures: readonly ShownPicture[]): string {
  const known = new Set(pictures.flatMap(labelsOf))
  const buttons = FILTERS.filter((name) => known.has(name)).map(
    (name) => `<button type="button" value="${name}" aria-pressed="false">${nameOf(name)}</button>`,
  )
  return `<form hidden>
<button type="button" value="" aria-pressed="true">all</button>
${buttons.join('\n')}
<input name="words" type="search" placeholder="Words, files, models" aria-label="Show only pictures with these words">
</form>`
}

function nameOf(filter: string): string {
  return filter === 'no-alt' ? 'without alt' : filter
}

/** A build asks for no alternative text of what it does not use. */
function labelsOf({ state, alt }: ShownPicture): readonly string[] {
  return alt && alt.text === undefined && state !== 'unused' ? [state, 'no-alt'] : [state]
}

function card(picture: ShownPicture): string {
  const { state, name, place, problem, thumbnails } = picture
  const [first, ...others] = thumbnails
  return `<article data-is="${labelsOf(picture).join(' ')}">
<figure>${first ? image(first, picture.alt?.text ?? '') : `<p>${whyNone(picture)}</p>`}</figure>
<div class="text">
<div>
<div class="head"><h2>${asHtml(name)}</h2><span class="state ${state}">${state}</span></div>
${place === undefined ? '' : `<p class="place">${asHtml(place)}</p>`}
</div>
${problem === undefined ? '' : `<pre class="problem">${asHtml(problem)}</pre>`}
${alternative(picture)}
${words(picture)}
${also(others)}
${facts(picture)}
</div>
</article>`
}

function image({ src, width, height }: Thumbnail, alt: string): string {
  return `<img src="${src}" alt="${asHtml(alt)}" width="${width}" height="${height}">`
}

function whyNone({ state }: ShownPicture): string {
  if (state === 'lost') return 'Its file is not in the store.'
  return state === 'broken' ? 'Not shown.' : 'Not drawn yet.'
}

function alternative({ alt }: ShownPicture): string {
  if (!alt) return ''
  const { text, draft } = alt
  const said =
    text === undefined
      ? '<p class="words none">missing</p>'
      : text.trim() === ''
        ? '<p class="words quiet">decorative</p>'
        : `<p class="words">${asHtml(text)}</p>`
  const drafted =
    text === undefined && draft !== undefined
      ? `<p class="words quiet">Draft: ${asHtml(draft)}</p>`
      : ''
  return `<section><h3>Alternative text</h3>${said}${drafted}</section>`
}

/** What is too long for its box scrolls, by keys as well. */
function words({ prompt }: ShownPicture): string {
  if (prompt === undefined) return ''
  return `<section><h3>Prompt</h3><p class="words" tabindex="0">${asHtml(unwrapped(prompt))}</p></section>`
}

/** Lines that were wrapped for an editor flow; paragraphs and lists stay. */
function unwrapped(text: string): string {
  return text.replaceAll(/(\S)\n(?=[\p{L}\p{N}("'])/gu, '$1 ')
}

function also(thumbnails: readonly Thumbnail[]): string {
  if (thumbnails.length === 0) return ''
  const items = thumbnails.map((one) => `<li>${image(one, '')}${asHtml(one.label)}</li>`)
  return `<section><h3>Also drawn</h3><ul class="also">${items.join('')}</ul></section>`
}

function facts(picture: ShownPicture): string {
  const { model, asked, paid, estimate, thumbnails } = picture
  const [first] = thumbnails
  const rows = [
    ['Model', model],
    ['Asked for', asked],
    ['Pixels', first && `${first.width} × ${first.height}`],
    ['File', first && formatBytes(first.bytes)],
    ['Paid', paid === undefined ? undefined : formatDollars(paid)],
    ['To pay', estimate && formatEstimate(estimate)],
  ].flatMap(([term, value]) =>
    value === undefined ? [] : `<dt>${term}</dt><dd>${asHtml(value)}</dd>`,
  )
  return rows.length > 0 ? `<dl>${rows.join('')}</dl>` : ''
}

function formatBytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}
