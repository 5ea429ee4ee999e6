import { cp, symlink } from 'node:fs/promises'
import path from 'node:path'
import { createSite, type Site } from '../support/site.ts'

const NOT_SOURCE = new Set([
  'node_modules',
  'build',
  'dist',
  '_site',
  '.astro',
  '.docusaurus',
  '.svelte-kit',
  '.nuxt',
  '.output',
  '.react-router',
  path.join('.vitepress', 'cache'),
  path.join('.vitepress', 'dist'),
])

/** A copy of a framework's site, which uses the packages of the original. */
export async function copyOf(name: string): Promise<Site> {
  const from = path.join(import.meta.dirname, name)
  const site = await createSite({})
  const filter = (file: string): boolean => !NOT_SOURCE.has(path.relative(from, file))
  await cp(from, site.root, { recursive: true, filter })
  await symlink(path.join(from, 'node_modules'), site.path('node_modules'), 'junction')
  return site
}
