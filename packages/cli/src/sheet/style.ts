/** How the sheet looks, on screens of any width and on paper, in light and dark. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f6f5f2, #17171a);
  --card: light-dark(#fff, #202024);
  --ink: light-dark(#1d1c1a, #ececee);
  --soft: light-dark(#6a675f, #a3a2ab);
  --line: light-dark(#e2dfd8, #34343b);
  --well: light-dark(#efede8, #19191c);
  --bad: light-dark(#a8201a, #ff9a8f);
  --bad-well: light-dark(#fbe9e7, #3a1d1b);
  --wait: light-dark(#8a5a00, #f0c36a);
  --wait-well: light-dark(#fbf1dc, #362b14);
  --good: light-dark(#1f6b43, #86d3a8);
  --good-well: light-dark(#e4f3ea, #17301f);
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace;
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 100rem; padding: clamp(1rem, 3vw, 2.5rem);
  background: var(--paper); color: var(--ink);
  font: 0.9375rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif;
}
header { margin-bottom: 1.75rem; }
h1 { margin: 0; font-size: clamp(1.5rem, 1.1rem + 1.6vw, 2.25rem); line-height: 1.15; letter-spacing: -0.02em; }
.sum { margin: 0.4rem 0 0; color: var(--soft); }
form { display: flex; flex-wrap: wrap; gap: 0.5rem; margin-top: 1.25rem; }
form[hidden], article[hidden] { display: none; }
button, input {
  min-height: 2.25rem; padding: 0.25rem 0.85rem; border: 1px solid var(--line); border-radius: 999px;
  background: var(--card); color: inherit; font: inherit;
}
button { cursor: pointer; }
button[aria-pressed="true"] { background: var(--ink); border-color: var(--ink); color: var(--paper); }
input { flex: 1 1 14rem; max-width: 24rem; }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); gap: 1.25rem; }
article {
  display: flex; flex-direction: column; min-width: 0; overflow: hidden;
  border: 1px solid var(--line); border-radius: 0.75rem; background: var(--card);
}
figure { position: relative; display: grid; place-items: center; aspect-ratio: 4 / 3; margin: 0; background: var(--well); }
figure img { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; }
figure p { margin: 0; padding: 1rem; color: var(--soft); text-align: center; }
@media (max-width: 44rem) { figure:not(:has(img)) { aspect-ratio: 4 / 1; } }
.also { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0; padding: 0; list-style: none; }
.also li { width: 4.5rem; font-size: 0.75rem; line-height: 1.3; color: var(--soft); overflow-wrap: anywhere; }
.also img { display: block; width: 100%; height: 4.5rem; border-radius: 0.375rem; background: var(--well); object-fit: cover; }
.text { display: flex; flex-direction: column; gap: 0.85rem; flex: 1; padding: 1rem 1.1rem 1.1rem; }
.head { display: flex; align-items: baseline; justify-content: space-between; gap: 0.75rem; }
h2 { margin: 0; min-width: 0; font-size: 1rem; line-height: 1.3; overflow-wrap: anywhere; }
.state { flex: none; padding: 0.05rem 0.6rem; border-radius: 999px; background: var(--well); color: var(--soft); font-size: 0.8125rem; font-weight: 600; }
.state.pinned { background: var(--good-well); color: var(--good); }
.state.missing, .state.pending, .state.stale { background: var(--wait-well); color: var(--wait); }
.state.broken, .state.lost, .state.refused { background: var(--bad-well); color: var(--bad); }
.place { margin: 0.1rem 0 0; color: var(--soft); font: 0.8125rem/1.4 var(--mono); overflow-wrap: anywhere; }
h3 { margin: 0 0 0.15rem; color: var(--soft); font-size: 0.75rem; font-weight: 600; letter-spacing: 0.04em; text-transform: uppercase; }
.words { margin: 0; max-height: 7.6lh; overflow: auto; scrollbar-width: thin; white-space: pre-wrap; overflow-wrap: anywhere; }
.none { color: var(--bad); font-weight: 600; }
.quiet { color: var(--soft); }
pre.problem { margin: 0; padding: 0.75rem; border-radius: 0.5rem; background: var(--bad-well); color: var(--bad); font: 0.8125rem/1.45 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.2rem 1rem; margin: auto 0 0; padding-top: 0.85rem; border-top: 1px solid var(--line); font-size: 0.875rem; }
dt { color: var(--soft); }
dd { margin: 0; text-align: right; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.nothing { color: var(--soft); }
@media print {
  :root { color-scheme: light; --paper: #fff; }
  body { max-width: none; padding: 0; font-size: 9pt; }
  form { display: none; }
  main { grid-template-columns: repeat(3, 1fr); gap: 6mm; }
  article { break-inside: avoid; }
  .words { max-height: none; }
}
`

/** Filters by state and words. All can be read without it. */
export const SCRIPT = `
const form = document.querySelector('form')
const cards = [...document.querySelectorAll('article')]
const buttons = [...form.querySelectorAll('button')]
const nothing = document.querySelector('.nothing')
let state = ''
function show() {
  const words = form.elements.words.value.toLowerCase()
  for (const card of cards) {
    const fits = state === '' || card.dataset.is.split(' ').includes(state)
    card.hidden = !fits || !card.textContent.toLowerCase().includes(words)
  }
  nothing.hidden = cards.some((card) => !card.hidden)
}
form.addEventListener('input', show)
form.addEventListener('submit', (event) => event.preventDefault())
for (const button of buttons) {
  button.addEventListener('click', () => {
    state = button.value
    for (const other of buttons) other.setAttribute('aria-pressed', String(other === button))
    show()
  })
}
form.hidden = false
`
