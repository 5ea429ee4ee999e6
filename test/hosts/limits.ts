import type { Ability } from './host.ts'

/** Why a host lacks an ability, and what happens instead. */
export const LIMITS: Readonly<Record<Exclude<Ability, 'import'>, string>> = {
  'new-url':
    'esbuild leaves `new URL()` as it is written. That of a prompt file is an error which says to import the picture.',
  css: 'Rollup and Rolldown read no stylesheets. What a plugin of the site makes of them is its own.',
  html: 'Rsbuild’s templates, Rollup, Rolldown and esbuild take no files from pages, pictures or not.',
}
