import { readdirSync } from 'node:fs'
import { defineConfig, type OxlintConfig, type OxlintOverride } from 'oxlint'

/** The folders of core. Each imports only those that stand before it, types included. */
export const LAYERS: readonly string[] = [
  'kernel',
  'pixels',
  'providers',
  'declare',
  'pin',
  'team',
  'options',
  'plan',
  'pictures',
  'generate',
  'project',
]

const HOSTS = {
  group: [
    'vite',
    'vite/*',
    'vite-*',
    'unplugin',
    'unplugin*',
    'astro',
    'astro/*',
    'webpack',
    'webpack/*',
    'rollup',
    'rolldown',
    'esbuild',
    '@rspack/*',
    'next',
    'next/*',
    'nuxt',
    'commander',
  ],
  message: "Core imports no host: put the code into the host's package.",
}

const FILE_SYSTEM = {
  regex: '^(?:node:)?fs(?:/promises)?$',
  allowTypeImports: true,
  message:
    "Files are opened by kernel/files. An import that can't go through it gives its reason: // oxlint-disable-next-line no-restricted-imports -- …",
}

/** What core exports: no layer imports it. */
const ENTRIES = readdirSync(new URL('packages/core/src', import.meta.url)).filter((name) =>
  name.endsWith('.ts'),
)

const PROVIDERS = readdirSync(new URL('packages/core/src/providers', import.meta.url), {
  withFileTypes: true,
})
  .filter((entry) => entry.isDirectory() && entry.name !== 'models')
  .map(({ name }) => name)

const A_PROVIDER = {
  regex: String.raw`^(\.\./)+providers/(${PROVIDERS.join('|')})/`,
  message:
    'What is true of one provider stays in its folder: take it from the definition in the options.',
}

/** What a folder of core may not import. A later override takes the place of an earlier one. */
function layer(name: string, index: number): OxlintOverride {
  const above = [...LAYERS.slice(index + 1), ...ENTRIES]
  const upward = {
    regex: `^(\\.\\./)+(${above.join('|')})(/|$)`,
    message: `"${name}" imports only the folders below it: ${LAYERS.slice(0, index).join(', ') || 'none'}.`,
  }
  return {
    files: [`packages/core/src/${name}/**`],
    rules: {
      'no-restricted-imports': ['error', { patterns: [HOSTS, FILE_SYSTEM, A_PROVIDER, upward] }],
    },
  }
}

const config: OxlintConfig = defineConfig({
  plugins: ['eslint', 'typescript', 'unicorn', 'oxc', 'import', 'node', 'promise', 'vitest'],
  categories: { correctness: 'error', suspicious: 'error', perf: 'error' },
  ignorePatterns: [
    '**/dist/**',
    '**/.sites/**',
    '**/.vitepress/cache/**',
    '**/.docusaurus/**',
    'test/frameworks/*/build/**',
  ],
  rules: {
    'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    'typescript/no-explicit-any': 'error',
    'typescript/consistent-type-imports': 'error',
    'no-console': 'error',
    eqeqeq: 'error',
    'no-shadow': 'off',
    'oxc/no-map-spread': 'off',
    'no-await-in-loop': 'off',
    'no-underscore-dangle': 'off',
    'unicorn/consistent-function-scoping': 'off',
    'import/no-unassigned-import': 'off',
    'import/no-cycle': 'error',
  },
  overrides: [
    {
      files: ['packages/core/src/**'],
      rules: { 'no-restricted-imports': ['error', { patterns: [HOSTS, FILE_SYSTEM] }] },
    },
    ...LAYERS.map(layer),
    {
      files: ['**/test/**', '**/*.test.ts', 'test/**', 'bench/**', 'scripts/**', 'packages/cli/**'],
      rules: { 'no-console': 'off' },
    },
    {
      files: ['packages/*/client*.d.ts'],
      rules: {
        'typescript/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      },
    },
    {
      files: ['**/*.test.ts'],
      rules: {
        'max-lines-per-function': 'off',
        'import/no-named-as-default-member': 'off',
        'vitest/no-conditional-expect': 'off',
      },
    },
  ],
})

export default config
