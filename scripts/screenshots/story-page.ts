/** One step of the story. */
export interface Frame {
  /** The picture, as a data URL. */
  readonly image: string
  /** What `git diff` says of the prompt file. */
  readonly difference: string
  /** What `git diff --stat` says of all that is committed. */
  readonly changed: string
}

const STYLE = `
:root { color-scheme: light dark; --text: light-dark(#1d2026, #e8e6e1); --muted: light-dark(#666c78, #989da8);
  --page: light-dark(#fff, #0d1117); --panel: light-dark(#f7f5f1, #171b22); --line: light-dark(#e3dfd7, #2b313b);
  --out: light-dark(#fdeaea, #3a1d20); --in: light-dark(#e5f6e9, #14321f);
  --out-text: light-dark(#96292f, #ff9aa0); --in-text: light-dark(#146331, #7ee2a0); }
* { box-sizing: border-box; margin: 0 }
body { background: var(--page); color: var(--text); font: 14px/1.5 system-ui, sans-serif; padding: 4px }
main { display: grid; grid-template-columns: 1fr 1fr; gap: 20px }
section { border: 1px solid var(--line); border-radius: 12px; overflow: hidden; background: var(--panel);
  display: flex; flex-direction: column }
h2 { font-size: 13px; font-weight: 600; padding: 10px 14px; color: var(--muted); border-bottom: 1px solid var(--line) }
img { display: block; width: 100%; aspect-ratio: 3 / 2; object-fit: cover }
pre { font: 12px/1.6 ui-monospace, 'DejaVu Sans Mono', monospace; padding: 10px 0; white-space: pre-wrap; flex: 1 }
pre span { display: block; padding: 0 14px; min-height: 1.6em }
.out { background: var(--out); color: var(--out-text) }
.in { background: var(--in); color: var(--in-text) }
.meta { color: var(--muted) }
footer { font: 12px/1.6 ui-monospace, 'DejaVu Sans Mono', monospace; border-top: 1px solid var(--line); padding: 9px 14px; color: var(--muted) }
footer b { color: var(--text); font-weight: 600 }
`

/** Both steps beside each other. */
export function storyPage(
  file: string,
  text: string,
  [before, after]: readonly [Frame, Frame],
): string {
  return `<!doctype html><html lang="en"><style>${STYLE}</style><main>
${panel(file, before, lines(text))}
${panel('Edit a line, and the picture follows', after, differenceOf(after.difference))}
</main></html>`
}

function panel(title: string, { image, changed }: Frame, code: string): string {
  const total = changed.trim().split('\n').at(-1)?.trim() ?? ''
  return `<section><h2>${escape(title)}</h2><img src="${image}" alt=""><pre>${code}</pre>
<footer><b>git commit</b> ${escape(total.replace(/,.*/, ''))}: prompt, picture, lockfile</footer></section>`
}

function lines(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `<span>${escape(line)}</span>`)
    .join('')
}

/** A difference without git's header. */
function differenceOf(text: string): string {
  const body = text.trimEnd().split('\n').slice(5)
  const names: Readonly<Record<string, string>> = { '-': 'out', '+': 'in' }
  return body
    .map((line) => `<span class="${names[line.charAt(0)] ?? 'meta'}">${escape(line)}</span>`)
    .join('')
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
