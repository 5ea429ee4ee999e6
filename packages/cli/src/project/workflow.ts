import type { PackageManager } from './host.ts'

const INSTALL: Readonly<Record<PackageManager, { install: string; run: string; setup?: string }>> =
  {
    npm: { install: 'npm ci', run: 'npx' },
    pnpm: {
      install: 'pnpm install --frozen-lockfile',
      run: 'pnpm exec',
      setup: 'pnpm/action-setup@v5',
    },
    yarn: { install: 'yarn install --immutable', run: 'yarn run' },
    bun: { install: 'bun install --frozen-lockfile', run: 'bunx', setup: 'oven-sh/setup-bun@v2' },
  }

/**
 * A GitHub Actions workflow that shows each pull request its pictures. It needs no key and no write
 * access, so that it runs for forks, too.
 */
export function reportWorkflow(packageManager: PackageManager): string {
  const { install, run, setup } = INSTALL[packageManager]
  return `name: Generated pictures
on: pull_request
permissions:
  contents: read
jobs:
  report:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
        with:
          fetch-depth: 0
${setup ? `      - uses: ${setup}\n` : ''}      - uses: actions/setup-node@v6
        with:
          node-version: 24
      - run: ${install}
      - name: What changed, with thumbnails and prices
        run: ${run} gemini-image plan --format markdown --base "origin/$GITHUB_BASE_REF" >> "$GITHUB_STEP_SUMMARY"
`
}
