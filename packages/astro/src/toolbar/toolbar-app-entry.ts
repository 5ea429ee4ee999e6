import type { DevToolbarAppEntry } from 'astro'

/** How Astro's dev toolbar shows our app. Astro does nothing with it in builds. */
export const TOOLBAR_APP: DevToolbarAppEntry = {
  id: 'gemini-image',
  name: 'Pictures',
  icon: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><rect x="3" y="4" width="18" height="16" rx="2"/><circle cx="9" cy="10" r="2"/><path d="m5 18 5-4 3 2 4-5 2 2"/></svg>',
  // Of the built package: this file ends up in its entry.
  entrypoint: new URL('./toolbar-app.js', import.meta.url),
}
