import type { Ability } from './host.ts'

/** Why a host lacks an ability, and what happens instead. */
export const LIMITS: Readonly<Record<Exclude<Ability, 'import'>, string>> = {
  'new-url':
    'esbuild, Bun and Farm leave `new URL()` as it is written. That of a prompt file is an error which says to import the picture.',
  css: 'Rollup and Rolldown read no stylesheets. A plugin of the site may make of them what it likes. Bun writes the picture into the stylesheet, as a data URL.',
  html: 'Rsbuild’s templates, Rollup, Rolldown, esbuild and Farm take no files from pages, pictures or not; Bun asks no plugin about them.',
  'source-maps': 'Bun passes over the source maps of plugins.',
  watch: '`Bun.build` builds once. On Farm, the plugin follows no files.',
}
