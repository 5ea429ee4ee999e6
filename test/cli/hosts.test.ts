import { expect, test } from 'vitest'
import { createSite, type Site } from '../support/site.ts'
import { git, runJson } from './stage.ts'

/** A repository of its own: workflows go to the top of the one around. */
async function repositoryWith(files: Readonly<Record<string, string>>): Promise<Site> {
  const site = await createSite(files)
  git(site.root, 'init', '--quiet')
  return site
}

const VITE = "import geminiImage from 'unplugin-gemini-image/vite'\n"
const EMPTY = 'export default {\n  plugins: [],\n}\n'
const WITH_VITE = `${VITE}\nexport default {\n  plugins: [geminiImage()],\n}\n`

/** Name, a package that tells of it, its configuration, and that with the plugin. */
const EDITS: readonly (readonly [string, string, string, string, string])[] = [
  ['sveltekit', '@sveltejs/kit', 'vite.config.js', EMPTY, WITH_VITE],
  ['tanstack-start', '@tanstack/react-start', 'vite.config.ts', EMPTY, WITH_VITE],
  ['react-router', '@react-router/dev', 'vite.config.ts', EMPTY, WITH_VITE],
  ['vite', 'vite', 'vite.config.ts', EMPTY, WITH_VITE],
  ['vitest', 'vitest', 'vitest.config.ts', EMPTY, WITH_VITE],
  ['rollup', 'rollup', 'rollup.config.js', EMPTY, WITH_VITE.replace('/vite', '/rollup')],
  ['rolldown', 'rolldown', 'rolldown.config.js', EMPTY, WITH_VITE.replace('/vite', '/rolldown')],
  ['farm', '@farmfe/core', 'farm.config.js', EMPTY, WITH_VITE.replace('/vite', '/farm')],
  ['webpack', 'webpack', 'webpack.config.mjs', EMPTY, WITH_VITE.replace('/vite', '/webpack')],
  ['rspack', '@rspack/core', 'rspack.config.mjs', EMPTY, WITH_VITE.replace('/vite', '/rspack')],
  [
    'nuxt',
    'nuxt',
    'nuxt.config.ts',
    "export default defineNuxtConfig({\n  compatibilityDate: '2026-01-01',\n})\n",
    `${VITE}\nexport default defineNuxtConfig({\n  vite: { plugins: [geminiImage()] },\n  compatibilityDate: '2026-01-01',\n})\n`,
  ],
  [
    'nuxt',
    'nuxt',
    'nuxt.config.ts',
    '// https://nuxt.com/docs/api/configuration/nuxt-config\nexport default defineNuxtConfig({})\n',
    `${VITE}\n// https://nuxt.com/docs/api/configuration/nuxt-config\nexport default defineNuxtConfig({ vite: { plugins: [geminiImage()] } })\n`,
  ],
  [
    'nuxt',
    'nuxt',
    'nuxt.config.ts',
    'export default defineNuxtConfig({ vite: { plugins: [svg()] } })\n',
    `${VITE}\nexport default defineNuxtConfig({ vite: { plugins: [geminiImage(), svg()] } })\n`,
  ],
  [
    'rsbuild',
    '@rsbuild/core',
    'rsbuild.config.ts',
    'export default {}\n',
    "import geminiImage from 'unplugin-gemini-image/rspack'\n\nexport default { tools: { rspack: { plugins: [geminiImage()] } } }\n",
  ],
  [
    'rsbuild',
    '@rsbuild/core',
    'rsbuild.config.ts',
    'export default {\n  tools: {\n    htmlPlugin: false,\n  },\n}\n',
    "import geminiImage from 'unplugin-gemini-image/rspack'\n\nexport default {\n  tools: {\n    rspack: { plugins: [geminiImage()] },\n    htmlPlugin: false,\n  },\n}\n",
  ],
  [
    'docusaurus',
    '@docusaurus/core',
    'docusaurus.config.js',
    "export default {\n  plugins: ['other'],\n}\n",
    "export default {\n  plugins: ['unplugin-gemini-image/docusaurus', 'other'],\n}\n",
  ],
  [
    'docusaurus',
    '@docusaurus/core',
    'docusaurus.config.ts',
    "import { themes } from 'prism-react-renderer';\n\n/** @type {Config} */\nconst config = {\n  title: 'Harbour',\n  presets: [['classic', ({})]],\n};\n\nexport default config;\n",
    "import { themes } from 'prism-react-renderer';\n\n/** @type {Config} */\nconst config = {\n  plugins: ['unplugin-gemini-image/docusaurus'],\n  title: 'Harbour',\n  presets: [['classic', ({})]],\n};\n\nexport default config;\n",
  ],
  [
    'vitepress',
    'vitepress',
    'docs/.vitepress/config.mts',
    "import { defineConfig } from 'vitepress'\n\nexport default defineConfig({\n  title: 'Harbour (docs)',\n})\n",
    "import withGeminiImage from 'unplugin-gemini-image/vitepress'\nimport { defineConfig } from 'vitepress'\n\nexport default withGeminiImage(defineConfig({\n  title: 'Harbour (docs)',\n}))\n",
  ],
  [
    'next',
    'next',
    'next.config.ts',
    'import type { NextConfig } from "next";\n\nconst nextConfig: NextConfig = {\n  cacheComponents: true,\n};\n\nexport default nextConfig;\n',
    'import withGeminiImage from "unplugin-gemini-image/next";\nimport type { NextConfig } from "next";\n\nconst nextConfig: NextConfig = {\n  cacheComponents: true,\n};\n\nexport default withGeminiImage(nextConfig);\n',
  ],
  [
    'eleventy',
    '@11ty/eleventy',
    'eleventy.config.js',
    'export default async function(eleventyConfig) {\n\t// Configure Eleventy\n};\n',
    "import geminiImage from 'unplugin-gemini-image/eleventy';\n\nexport default async function(eleventyConfig) {\n\televentyConfig.addPlugin(geminiImage);\n\t// Configure Eleventy\n};\n",
  ],
  [
    'eleventy',
    '@11ty/eleventy',
    '.eleventy.js',
    'module.exports = (config) => {\n  config.addPassthroughCopy("css")\n}\n',
    'const geminiImage = require(\'unplugin-gemini-image/eleventy\').default\n\nmodule.exports = (config) => {\n  config.addPlugin(geminiImage)\n  config.addPassthroughCopy("css")\n}\n',
  ],
  [
    'storybook',
    'storybook',
    '.storybook/main.ts',
    'import type { StorybookConfig } from "@storybook/react-vite";\n\nconst config: StorybookConfig = {\n  stories: ["../src"],\n};\n\nexport default config;\n',
    'import geminiImage from "unplugin-gemini-image/vite";\nimport type { StorybookConfig } from "@storybook/react-vite";\n\nconst config: StorybookConfig = {\n  viteFinal: (config) => ({ ...config, plugins: [geminiImage(), ...(config.plugins ?? [])] }),\n  stories: ["../src"],\n};\n\nexport default config;\n',
  ],
  [
    'jest',
    'jest',
    'jest.config.js',
    "module.exports = {\n  preset: 'x',\n}\n",
    "const { withGeminiImage } = require('unplugin-gemini-image/jest')\n\nmodule.exports = withGeminiImage({\n  preset: 'x',\n})\n",
  ],
  [
    'jest',
    'jest',
    'jest.config.js',
    "/** @type {import('jest').Config} */\nconst config = {\n  preset: 'x',\n};\n\nmodule.exports = config;\n",
    "const { withGeminiImage } = require('unplugin-gemini-image/jest');\n\n/** @type {import('jest').Config} */\nconst config = {\n  preset: 'x',\n};\n\nmodule.exports = withGeminiImage(config);\n",
  ],
  [
    'next',
    'next',
    'next.config.mjs',
    "// @ts-check\n/** @type {import('next').NextConfig} */\nconst nextConfig = {\n  reactStrictMode: true,\n};\n\nexport default nextConfig;\n",
    "// @ts-check\nimport withGeminiImage from 'unplugin-gemini-image/next';\n\n/** @type {import('next').NextConfig} */\nconst nextConfig = {\n  reactStrictMode: true,\n};\n\nexport default withGeminiImage(nextConfig);\n",
  ],
  [
    'esbuild',
    'esbuild',
    'build.mjs',
    "import * as esbuild from 'esbuild'\n\nawait esbuild.build({\n  bundle: true,\n})\n",
    "import geminiImage from 'unplugin-gemini-image/esbuild'\nimport * as esbuild from 'esbuild'\n\nawait esbuild.build({\n  plugins: [geminiImage()],\n  bundle: true,\n})\n",
  ],
  [
    'bun',
    '@types/bun',
    'build.ts',
    "await Bun.build({ entrypoints: ['./src/index.ts'] })\n",
    "import geminiImage from 'unplugin-gemini-image/bun'\n\nawait Bun.build({ plugins: [geminiImage()], entrypoints: ['./src/index.ts'] })\n",
  ],
  [
    'starlight',
    '@astrojs/starlight',
    'astro.config.mjs',
    'export default { integrations: [starlight()] }\n',
    "import geminiImage from 'astro-gemini-image'\n\nexport default { integrations: [geminiImage(), starlight()] }\n",
  ],
]

test.each(EDITS)('%s by %s gets its plugin in %s', async (name, from, file, before, after) => {
  const site = await repositoryWith({ [file]: before, ...packageWith(from) })
  const { report } = await runJson(site, ['init', '--yes'])
  expect(report.host).toBe(name)
  expect(await site.read(file)).toBe(after)
  expect((await runJson(site, ['init', '--yes'])).report.proposed).toEqual([])
  expect(await pluginCheck(site)).toEqual([{ verdict: 'ok', text: `${file} has it.` }])
})

/** Name, a package that tells of it, its configuration, and what a person is told. */
const TOLD: readonly (readonly [string, string, string, string, string])[] = [
  [
    'vitepress',
    'vitepress',
    '.vitepress/config.ts',
    'export default async () => ({})\n',
    'wrap what .vitepress/config.ts exports: export default withGeminiImage(config), from unplugin-gemini-image/vitepress',
  ],
  [
    'docusaurus',
    '@docusaurus/core',
    'docusaurus.config.ts',
    'export default async function config() {}\n',
    "add 'unplugin-gemini-image/docusaurus' to the plugins in docusaurus.config.ts",
  ],
  [
    'eleventy',
    '@11ty/eleventy',
    '.eleventy.js',
    'module.exports = () => ({})\n',
    "write eleventyConfig.addPlugin(geminiImage) in .eleventy.js, with geminiImage from require('unplugin-gemini-image/eleventy').default",
  ],
  [
    'nuxt',
    'nuxt',
    'nuxt.config.ts',
    'const vite = {}\nexport default defineNuxtConfig({ vite })\n',
    'add geminiImage() from unplugin-gemini-image/vite to the vite.plugins in nuxt.config.ts',
  ],
  [
    'storybook',
    'storybook',
    '.storybook/main.ts',
    'export default { viteFinal: (config) => config }\n',
    'write viteFinal: (config) => ({ ...config, plugins: [geminiImage(), ...(config.plugins ?? [])] }) in .storybook/main.ts, with geminiImage from unplugin-gemini-image/vite',
  ],
  [
    'esbuild',
    'esbuild',
    'build.mjs',
    '',
    'write esbuild.build({ plugins: [geminiImage()], … }) in build.mjs, with geminiImage from unplugin-gemini-image/esbuild',
  ],
  [
    'bun',
    'bun',
    'scripts/build.ts',
    '',
    'write Bun.build({ plugins: [geminiImage()], … }) in scripts/build.ts, with geminiImage from unplugin-gemini-image/bun',
  ],
]

test.each(TOLD)('%s by %s is told what to write in %s', async (name, from, file, text, told) => {
  const site = await repositoryWith({ [file]: text, ...packageWith(from) })
  const { report } = await runJson(site, ['init', '--yes'])
  expect(report.host).toBe(name)
  expect(report.next[0]).toBe(told)
  expect(await site.read(file)).toBe(text)
  expect(await pluginCheck(site)).toEqual([
    { verdict: 'warning', text: `To have prompt files become pictures, ${told}.` },
  ])
})

test('Eleventy and VitePress without a configuration get one', async () => {
  const eleventy = await repositoryWith(packageWith('@11ty/eleventy'))
  await runJson(eleventy, ['init', '--yes'])
  expect(await eleventy.read('eleventy.config.js')).toContain('addPlugin(geminiImage)')
  const vitepress = await repositoryWith(packageWith('vitepress'))
  await runJson(vitepress, ['init', '--yes'])
  expect(await vitepress.read('.vitepress/config.js')).toContain('withGeminiImage({})')
})

test('Angular’s builders are named in the version of Angular', async () => {
  const manifest = { dependencies: { '@angular/core': '^21.2.0' } }
  const site = await repositoryWith({ 'package.json': JSON.stringify(manifest) })
  const { next } = (await runJson(site, ['init', '--yes'])).report
  expect(next).toContainEqual(expect.stringMatching(/ @angular-builders\/custom-esbuild@21$/))
})

test('Angular gets its plugin, and builders that take it, for dev servers and tests as well', async () => {
  const angular = {
    version: 1,
    projects: {
      harbour: {
        architect: {
          build: { builder: '@angular/build:application', options: { browser: 'src/main.ts' } },
          serve: { builder: '@angular/build:dev-server', configurations: {} },
          test: { builder: '@angular/build:unit-test' },
        },
      },
      library: { architect: { build: { builder: '@angular/build:ng-packagr' } } },
    },
  }
  const text = `${JSON.stringify(angular, null, 2)}\n`
  const packages = packageWith('@angular/core', 'vitest')
  const site = await repositoryWith({ 'angular.json': text, 'tsconfig.json': '{}', ...packages })
  const { report } = await runJson(site, ['init', '--yes'])
  expect(report.host).toBe('angular')
  expect(report.next[0]).toMatch(/ -D unplugin-gemini-image @angular-builders\/custom-esbuild$/)
  expect(await site.read('gemini-image.plugin.js')).toContain('export default geminiImage()')
  expect(await site.read('gemini-image.d.ts')).toContain('unplugin-gemini-image/client')
  const { harbour, library } = JSON.parse(await site.read('angular.json')).projects
  const builder = (name: string): string => `@angular-builders/custom-esbuild:${name}`
  expect(harbour.architect).toEqual({
    build: {
      builder: builder('application'),
      options: { browser: 'src/main.ts', plugins: ['./gemini-image.plugin.js'] },
    },
    serve: { builder: builder('dev-server'), configurations: {} },
    test: {
      builder: builder('unit-test'),
      options: { buildTarget: 'harbour:build:development', tsConfig: 'tsconfig.spec.json' },
    },
  })
  expect(library).toEqual(angular.projects.library)
  expect((await runJson(site, ['init', '--yes'])).report.proposed).toEqual([])
  expect(await pluginCheck(site)).toEqual([
    { verdict: 'ok', text: 'gemini-image.plugin.js has it.' },
  ])
  await site.write('angular.json', text)
  expect(JSON.stringify(await pluginCheck(site))).toContain('angular.json lacks')
})

test('Jest beside a bundler gets the plugin; in package.json, a person is told', async () => {
  const jest = 'export default createJestConfig(config)\n'
  const files = { 'vite.config.js': EMPTY, 'jest.config.mjs': jest }
  const site = await repositoryWith({ ...files, ...packageWith('vite', 'jest') })
  await runJson(site, ['init', '--yes'])
  expect(await site.read('jest.config.mjs')).toBe(
    "import { withGeminiImage } from 'unplugin-gemini-image/jest'\n\nexport default withGeminiImage(createJestConfig(config))\n",
  )
  expect(await site.read('vite.config.js')).toBe(WITH_VITE)
  for (const names of [{ vite: '8' }, {}]) {
    const devDependencies = { ...names, jest: '30', 'unplugin-gemini-image': '0' }
    const manifest = JSON.stringify({ jest: {}, devDependencies })
    const other = await repositoryWith({ 'package.json': manifest, 'vite.config.mjs': EMPTY })
    const { report } = await runJson(other, ['init', '--yes'])
    expect(report.next[0]).toContain('move "jest" from package.json to jest.config.mjs')
  }
})

test('tests and stories beside a host that is not Vite get the plugin of Vite', async () => {
  const site = await repositoryWith({
    'next.config.mjs': 'export default {}\n',
    'vitest.config.js': EMPTY,
    '.storybook/main.js': 'export default {}\n',
    ...packageWith('next', 'vitest', 'storybook', '@storybook/nextjs-vite'),
  })
  const { report } = await runJson(site, ['init', '--yes'])
  expect(report.host).toBe('next')
  expect(await site.read('vitest.config.js')).toBe(WITH_VITE)
  expect(await site.read('.storybook/main.js')).toContain('{ viteFinal: (config) => ({')
  const nuxt = { 'nuxt.config.ts': 'export default {}\n', 'vitest.config.js': EMPTY }
  const other = await repositoryWith({ ...nuxt, ...packageWith('nuxt', 'vitest') })
  await runJson(other, ['init', '--yes'])
  expect(await other.read('vitest.config.js')).toBe(EMPTY)
})

test('where no bundler is known, it names the command that writes pictures', async () => {
  const prompt = '---\nalt: Train\n---\n\nA train\n'
  const site = await repositoryWith({ 'package.json': '{}', 'pictures/train.prompt.md': prompt })
  const { report } = await runJson(site, ['init', '--yes'])
  expect(report.next.at(-1)).toContain('npx gemini-image emit <folder>')
  const { checks } = (await runJson(site, ['doctor'])).report
  const text = '0 pictures, 0 missing. 1 prompt file that nothing imports.'
  expect(checks).toContainEqual({ name: 'declarations', verdict: 'ok', text })
})

test.each([
  [
    'esbuild',
    'node ./tools/bundle.mjs',
    "import { build } from 'esbuild'\n\nbuild({ bundle: true })\n",
  ],
  ['bun', 'NODE_ENV=production bun tools/bundle.mjs', 'await Bun.build({ entrypoints: [] })\n'],
])('a build script of %s may have any name that package.json tells', async (name, build, text) => {
  const manifest = {
    scripts: { test: 'node tools/other.js', build },
    devDependencies: { [name]: '*' },
  }
  const file = 'tools/bundle.mjs'
  const site = await repositoryWith({ 'package.json': JSON.stringify(manifest), [file]: text })
  expect((await pluginCheck(site))[0]).toMatchObject({ verdict: 'warning' })
  await runJson(site, ['init', '--yes'])
  expect(await site.read(file)).toContain('plugins: [geminiImage()], ')
  expect(await pluginCheck(site)).toEqual([{ verdict: 'ok', text: `${file} has it.` }])
})

test.each([
  ['esbuild', 'esbuild src/main.js --bundle --outdir=dist'],
  ['bun', 'rm -rf dist && bun build ./src/main.ts --outdir dist'],
])('a build by the command of %s is told to become a script', async (name, build) => {
  const manifest = { scripts: { build }, devDependencies: { [name]: '*' } }
  const site = await repositoryWith({ 'package.json': JSON.stringify(manifest) })
  const told = (await runJson(site, ['init', '--yes'])).report.next[0]
  expect(told).toMatch(/^move "build" from package\.json to a build script, .* \[geminiImage\(\)\]/)
  const text = `To have prompt files become pictures, ${told}.`
  expect(await pluginCheck(site)).toEqual([{ verdict: 'warning', text }])
})

test('a build script that nothing tells of is not looked for, and nobody is warned', async () => {
  const site = await repositoryWith(packageWith('esbuild'))
  expect(await pluginCheck(site)).toEqual([])
})

test('a host that has no configuration yet lacks the plugin', async () => {
  const site = await repositoryWith(packageWith('@11ty/eleventy'))
  const text = expect.stringContaining('eleventy.config.js lacks: import geminiImage')
  expect(await pluginCheck(site)).toEqual([{ verdict: 'warning', text }])
})

test.each([
  ['@11ty/eleventy', 'write a prompt file and show it in Markdown: ![](./hero.prompt.md)'],
  ['vitepress', 'show it in Markdown: ![](./hero.prompt.md); or import it: import hero'],
  [
    '@docusaurus/core',
    'show it in Markdown: ![](../src/hero.prompt.md); or import it: import hero',
  ],
  ['@astrojs/starlight', 'show it in Markdown: ![what it shows](../../hero.prompt.md); or'],
  ['vite', 'write a prompt file and import it: import hero'],
])('with %s, the next step is one that works there', async (name, step) => {
  const site = await repositoryWith(packageWith(name))
  const { report } = await runJson(site, ['init', '--yes'])
  expect(report.next).toContainEqual(expect.stringContaining(step))
})

test('a configuration of Vitest beside that of Vite gets the plugin, unless it takes Vite’s in', async () => {
  const merged = "import own from './vite.config.js'\nexport default { plugins: [] }\n"
  const vite = { 'vite.config.js': EMPTY, ...packageWith('vite', 'vitest') }
  const site = await repositoryWith({ ...vite, 'vitest.config.js': EMPTY })
  await runJson(site, ['init', '--yes'])
  expect(await site.read('vitest.config.js')).toBe(WITH_VITE)
  const other = await repositoryWith({ ...vite, 'vitest.config.js': merged })
  await runJson(other, ['init', '--yes'])
  expect(await other.read('vite.config.js')).toBe(WITH_VITE)
  expect(await other.read('vitest.config.js')).toBe(merged)
})

function packageWith(...names: readonly string[]): Record<string, string> {
  const devDependencies = Object.fromEntries(names.map((name) => [name, '*']))
  return { 'package.json': JSON.stringify({ type: 'module', devDependencies }) }
}

async function pluginCheck(site: Parameters<typeof runJson>[0]): Promise<readonly unknown[]> {
  const { report } = await runJson(site, ['doctor'])
  const checks = report.checks.filter(({ name }: { name: string }) => name === 'plugin')
  return checks.map(({ verdict, text }: { verdict: string; text: string }) => ({ verdict, text }))
}
