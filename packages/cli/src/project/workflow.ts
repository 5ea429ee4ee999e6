import type { Installing, PackageManager } from './package-manager.ts'

interface Commands {
  readonly install: string
  /** Where no lockfile says what to install. */
  readonly installAnything: string
  /** What runs a package's command, and prints nothing of its own. */
  readonly run: string
}

const COMMANDS: Readonly<Record<PackageManager, Commands>> = {
  npm: { install: 'npm ci', installAnything: 'npm install', run: 'npx' },
  pnpm: {
    install: 'pnpm install --frozen-lockfile',
    installAnything: 'pnpm install',
    run: 'pnpm exec',
  },
  yarn: { install: 'yarn install --immutable', installAnything: 'yarn install', run: 'yarn run' },
  'yarn-classic': {
    install: 'yarn install --frozen-lockfile',
    installAnything: 'yarn install',
    run: 'yarn --silent run',
  },
  bun: {
    install: 'bun install --frozen-lockfile',
    installAnything: 'bun install',
    run: 'bunx',
  },
}

/**
 * A GitHub Actions workflow that shows each pull request its pictures. It needs no key and no write
 * access, so that it runs for forks, too.
 * @param prefix The site's path from the top of the repository, with a slash at the end.
 */
export function reportWorkflow({ manager, isLocked, named }: Installing, prefix: string): string {
  const { install, installAnything, run } = COMMANDS[manager]
  const folder = prefix.replace(/\/$/, '')
  const steps = [
    '- uses: actions/checkout@v6\n  with:\n    fetch-depth: 0',
    ...setUp(manager, named),
    '- uses: actions/setup-node@v6\n  with:\n    node-version: 24',
    ...(manager === 'yarn' ? ['- run: corepack enable'] : []),
    `- run: ${isLocked ? install : installAnything}`,
    `- name: What changed, with thumbnails and prices\n  run: ${run} gemini-image plan --format markdown --base "origin/$GITHUB_BASE_REF" >> "$GITHUB_STEP_SUMMARY"`,
  ]
  return `name: ${quoted(folder === '' ? 'Generated pictures' : `Generated pictures of ${folder}`)}
on: pull_request
permissions:
  contents: read
jobs:
  report:
    runs-on: ubuntu-latest
${folder === '' ? '' : `    defaults:\n      run:\n        working-directory: ${quoted(folder)}\n`}    steps:
${steps.map((step) => step.replaceAll(/^/gm, '      ')).join('\n')}
`
}

/** Each of these wants to know its version. */
function setUp(manager: PackageManager, named: string | undefined): readonly string[] {
  if (manager === 'bun') return ['- uses: oven-sh/setup-bun@v2']
  if (manager !== 'pnpm') return []
  const action = '- uses: pnpm/action-setup@v5'
  if (named === undefined) return [`${action}\n  with:\n    version: latest`]
  if (named === 'package.json') return [action]
  return [`${action}\n  with:\n    package_json_file: ${quoted(named)}`]
}

/** Plain words need no quotes in YAML; JSON's are YAML's. */
function quoted(text: string): string {
  return /^[A-Za-z][\w ./-]*$/.test(text) ? text : JSON.stringify(text)
}
