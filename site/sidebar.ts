import { globSync } from 'node:fs'
import path from 'node:path'

/** Where the pages lie: the only source. */
export const DOCS: string = path.resolve(import.meta.dirname, '../docs')

/** Groups of the sidebar, and the pages of docs/ in each, by name. A page that is not there is left out. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  'Start here': ['start-vite', 'start-astro', 'start-next', 'start-webpack'],
  'Make pictures': [
    'declarations',
    'prompts',
    'templates',
    'series',
    'photos',
    'cut-outs',
    'scenes',
    'languages',
    'sheets',
    'layers',
    'studio',
    'editor',
  ],
  'Show pictures': ['imports', 'renditions', 'labels', 'astro', 'hosts'],
  'Work together': ['migrate', 'repository', 'ci', 'costs', 'monorepos', 'stores', 'agents'],
  Reference: [
    'options',
    'commands',
    'models',
    'providers',
    'gateways',
    'errors',
    'host-matrix',
    'capabilities',
  ],
}

/** The names of all pages in docs/. */
export function pageNames(): string[] {
  return globSync('*.md', { cwd: DOCS })
    .map((file) => path.basename(file, '.md'))
    .toSorted()
}

interface SidebarGroup {
  readonly label: string
  readonly items: { readonly slug: string }[]
}

/** Starlight's sidebar. Pages without a group stand at its end, until somebody gives them one. */
export function sidebar(): (SidebarGroup | { readonly label: string; readonly link: string })[] {
  const names = new Set(pageNames())
  const placed = new Set(Object.values(GROUPS).flat())
  const groups = { ...GROUPS, More: [...names].filter((name) => !placed.has(name)) }
  const lists = Object.entries(groups).map(([label, pages]) => ({
    label,
    items: pages.filter((name) => names.has(name)).map((slug) => ({ slug })),
  }))
  return [{ label: 'Gallery', link: '/gallery/' }, ...lists.filter(({ items }) => items.length > 0)]
}
