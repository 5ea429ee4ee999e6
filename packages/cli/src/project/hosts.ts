import { ANGULAR_BUILDERS, ANGULAR_PLUGIN } from './angular.ts'
import type { ConfiguredPlugin, Imported } from './insert.ts'

/** How a host's configuration comes by the plugin. */
export type Adding =
  | {
      readonly kind: 'list'
      readonly plugin: ConfiguredPlugin
    }
  | {
      /** A function makes another of the configuration. */
      readonly kind: 'wrap'
      readonly wrapper: Imported
    }
  | {
      /** What is to be written is code, which a person does. */
      readonly kind: 'code'
      readonly name: string
      readonly from: string
      /** Where the plugin is handed over. */
      readonly call: string
      /** What that is: a property of what is exported, or a call of its parameter; a person writes all else. */
      readonly form?: 'property' | 'call'
      /** Matches where a list of plugins is handed over, up to the brace; `undefined` where a person writes it. */
      readonly handedTo?: RegExp
      /** Matches a script of `package.json` that bundles by a command, which takes no plugins. */
      readonly command?: RegExp
      /** The configuration of a project that has none; `undefined` where there may be one of any name. */
      readonly whole?: string
    }

/** How a text shows a picture. */
interface MarkdownRow {
  /** The way from a text to the prompt file. */
  readonly to: string
  /** What stands between the brackets, where that of the picture does not come by itself. */
  readonly alt?: string
  /** Whether nothing is imported there. */
  readonly isOnly?: true
}

/** What builds a site: how it is found, and how it comes by the plugin. */
export interface HostRow {
  readonly name: string
  /** For people. */
  readonly label: string
  /** Packages of which a project names one. */
  readonly packages: readonly string[]
  /** Its configuration files, from the root, without extensions; the first is the usual one. */
  readonly configs: readonly [string, ...string[]]
  readonly adding: Adding
  /** How Markdown shows pictures, where that is the usual way. */
  readonly markdown?: MarkdownRow
  /** What is installed besides our packages. */
  readonly needs?: readonly string[]
  /** Whether its configuration is JavaScript in a project of TypeScript, too. */
  readonly isScript?: boolean
}

function list(
  from: string,
  ...path: ConfiguredPlugin['path']
): Extract<Adding, { readonly kind: 'list' }> {
  return { kind: 'list', plugin: { name: 'geminiImage', from, path } }
}

function wrap(from: string, name = 'withGeminiImage'): Adding {
  return { kind: 'wrap', wrapper: { name, from } }
}

/** In a configuration of Jest. */
export const JEST: Adding = wrap('unplugin-gemini-image/jest', '{ withGeminiImage }')

/** In a configuration of Vite, or of Vitest. */
export const VITE: Extract<Adding, { readonly kind: 'list' }> = list(
  'unplugin-gemini-image/vite',
  'plugins',
)
/** In a configuration of Storybook, where that builds with Vite. */
export const STORYBOOK: Adding = {
  kind: 'code',
  name: 'geminiImage',
  from: 'unplugin-gemini-image/vite',
  form: 'property',
  call: 'viteFinal: (config) => ({ ...config, plugins: [geminiImage(), ...(config.plugins ?? [])] })',
}
const ASTRO = list('astro-gemini-image', 'integrations')

const ELEVENTY = `import geminiImage from 'unplugin-gemini-image/eleventy'

export default (eleventyConfig) => {
  eleventyConfig.addPlugin(geminiImage)
}`

const ANGULAR = `import geminiImage from 'unplugin-gemini-image/esbuild'

export default geminiImage()`

/** In the order in which they are looked for: many bring another along. */
export const HOSTS: readonly HostRow[] = [
  {
    name: 'starlight',
    label: 'a Starlight site',
    markdown: { to: '../../', alt: 'what it shows' },
    packages: ['@astrojs/starlight'],
    configs: ['astro.config'],
    adding: ASTRO,
  },
  {
    name: 'astro',
    label: 'an Astro site',
    packages: ['astro'],
    configs: ['astro.config'],
    adding: ASTRO,
  },
  {
    name: 'vitepress',
    label: 'a VitePress site',
    markdown: { to: './' },
    packages: ['vitepress'],
    configs: ['.vitepress/config', 'docs/.vitepress/config', '.vitepress/config/index'],
    adding: wrap('unplugin-gemini-image/vitepress'),
  },
  {
    name: 'docusaurus',
    label: 'a Docusaurus site',
    markdown: { to: '../src/' },
    packages: ['@docusaurus/core'],
    configs: ['docusaurus.config'],
    adding: {
      kind: 'list',
      plugin: { from: 'unplugin-gemini-image/docusaurus', path: ['plugins'] },
    },
  },
  {
    name: 'eleventy',
    label: 'an Eleventy site',
    markdown: { to: './', isOnly: true },
    packages: ['@11ty/eleventy'],
    configs: ['eleventy.config', '.eleventy'],
    adding: {
      kind: 'code',
      name: 'geminiImage',
      from: 'unplugin-gemini-image/eleventy',
      form: 'call',
      call: 'eleventyConfig.addPlugin(geminiImage)',
      whole: ELEVENTY,
    },
  },
  {
    name: 'next',
    label: 'a Next.js site',
    packages: ['next'],
    configs: ['next.config'],
    adding: wrap('unplugin-gemini-image/next'),
  },
  {
    name: 'nuxt',
    label: 'a Nuxt site',
    packages: ['nuxt'],
    configs: ['nuxt.config'],
    adding: list('unplugin-gemini-image/vite', 'vite', 'plugins'),
  },
  {
    name: 'sveltekit',
    label: 'a SvelteKit site',
    packages: ['@sveltejs/kit'],
    configs: ['vite.config'],
    adding: VITE,
  },
  {
    name: 'tanstack-start',
    label: 'a TanStack Start site',
    packages: ['@tanstack/react-start', '@tanstack/solid-start', '@tanstack/vue-start'],
    configs: ['vite.config'],
    adding: VITE,
  },
  {
    name: 'react-router',
    label: 'a React Router site',
    packages: ['@react-router/dev'],
    configs: ['vite.config'],
    adding: VITE,
  },
  {
    name: 'angular',
    label: 'an Angular app',
    packages: ['@angular/core'],
    configs: [ANGULAR_PLUGIN],
    needs: [ANGULAR_BUILDERS],
    isScript: true,
    adding: {
      kind: 'code',
      name: 'geminiImage',
      from: 'unplugin-gemini-image/esbuild',
      call: 'export default geminiImage()',
      whole: ANGULAR,
    },
  },
  {
    name: 'rsbuild',
    label: 'an Rsbuild site',
    packages: ['@rsbuild/core'],
    configs: ['rsbuild.config'],
    adding: list('unplugin-gemini-image/rspack', 'tools', 'rspack', 'plugins'),
  },
  {
    name: 'vite',
    label: 'a Vite site',
    packages: ['vite'],
    configs: ['vite.config'],
    adding: VITE,
  },
  {
    name: 'rspack',
    label: 'an Rspack site',
    packages: ['@rspack/core'],
    configs: ['rspack.config'],
    adding: list('unplugin-gemini-image/rspack', 'plugins'),
  },
  {
    name: 'webpack',
    label: 'a webpack site',
    packages: ['webpack'],
    configs: ['webpack.config'],
    adding: list('unplugin-gemini-image/webpack', 'plugins'),
  },
  {
    name: 'farm',
    label: 'a Farm site',
    packages: ['@farmfe/core'],
    configs: ['farm.config'],
    adding: list('unplugin-gemini-image/farm', 'plugins'),
  },
  {
    name: 'storybook',
    label: 'a Storybook',
    packages: ['storybook'],
    configs: ['.storybook/main'],
    adding: STORYBOOK,
  },
  {
    name: 'vitest',
    label: 'a project that is tested with Vitest',
    packages: ['vitest'],
    configs: ['vitest.config', 'vite.config'],
    adding: VITE,
  },
  {
    name: 'jest',
    label: 'a project that is tested with Jest',
    packages: ['jest'],
    configs: ['jest.config'],
    isScript: true,
    adding: JEST,
  },
  {
    name: 'rolldown',
    label: 'a project that Rolldown bundles',
    packages: ['rolldown'],
    configs: ['rolldown.config'],
    adding: list('unplugin-gemini-image/rolldown', 'plugins'),
  },
  {
    name: 'rollup',
    label: 'a project that Rollup bundles',
    packages: ['rollup'],
    configs: ['rollup.config'],
    adding: list('unplugin-gemini-image/rollup', 'plugins'),
  },
  {
    name: 'esbuild',
    label: 'a project that esbuild bundles',
    packages: ['esbuild'],
    configs: ['build', 'esbuild.config', 'esbuild', 'scripts/build'],
    adding: {
      kind: 'code',
      name: 'geminiImage',
      from: 'unplugin-gemini-image/esbuild',
      call: 'esbuild.build({ plugins: [geminiImage()], … })',
      handedTo: /\b(?:build|context)\s*\(\s*\{/,
      command: /(?<![\w./@-])esbuild\s/,
    },
  },
  {
    name: 'bun',
    label: 'a project that Bun bundles',
    packages: ['@types/bun', 'bun-types', 'bun'],
    configs: ['build', 'scripts/build'],
    adding: {
      kind: 'code',
      name: 'geminiImage',
      from: 'unplugin-gemini-image/bun',
      call: 'Bun.build({ plugins: [geminiImage()], … })',
      handedTo: /\bBun\.build\s*\(\s*\{/,
      command: /(?<![\w./@-])bun\s+build\s/,
    },
  },
]
