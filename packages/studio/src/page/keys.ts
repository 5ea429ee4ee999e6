const TYPED = 'input, textarea, select, [contenteditable]'

/** Whether a key belongs to a field, to a dialog or to the browser rather than to the page. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true
  if (document.querySelector('dialog[open]')) return true
  return event.target instanceof Element && event.target.matches(TYPED)
}
