import { availableParallelism } from 'node:os'
import path from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest, longest first: begun last, it would leave all workers but one without work. */
const LONGEST: readonly string[] = [
  'test/hosts/watch.test.ts',
  'test/hosts/matrix.test.ts',
  'test/studio/designer.test.ts',
  'test/packed/packed.test.ts',
  'test/astro/schema.test.ts',
  'test/frameworks/documentation.test.ts',
  'test/browser/inputs.test.ts',
  'test/browser/example-blog.test.ts',
  'test/browser/scenes.test.ts',
  'test/astro/dev.test.ts',
  'test/hosts/next.test.ts',
  'test/astro/majors.test.ts',
  'test/astro/trust.test.ts',
  'test/processes/signals.test.ts',
  'test/stores/examples.test.ts',
  'test/studio/page.test.ts',
  'test/astro/hosting.test.ts',
  'test/stores/team-site.test.ts',
  'test/torture/slice.test.ts',
  'test/cli/init.test.ts',
  'test/astro/scenes.test.ts',
  'test/frameworks/frameworks.test.ts',
  'test/lockfile/kill.test.ts',
  'test/astro/markdown.test.ts',
  'test/capabilities/capabilities.test.ts',
  'test/growth/growth.test.ts',
  'test/references/remote.test.ts',
  'test/lockfile/project-lock.test.ts',
  'test/astro/labels/labels.test.ts',
  'test/files/workspace.test.ts',
  'test/site.test.ts',
  'test/errors/inert.test.ts',
  'test/hosts/warm.test.ts',
  'test/cli/watch.test.ts',
  'test/cut-outs/quality.test.ts',
  'test/processes/build.test.ts',
]

/** Begins with {@link LONGEST}; the rest follows in Vitest's own order. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}`))
      return at === -1 ? LONGEST.length : at
    }
    // oxlint-disable-next-line unicorn/no-array-sort -- it is Vitest's, not an array's
    const sorted = await super.sort(files)
    return sorted.toSorted((one, other) => rank(one) - rank(other))
  }
}

export default defineConfig({
  test: {
    // By itself, Vitest leaves a core to whoever watches. Many tests wait for processes: on two cores, four keep both at work.
    maxWorkers: Math.max(4, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'test/fake-gemini/**/*.test.ts'],
          setupFiles: ['test/support/seed.ts'],
          // Properties try many values; on a busy machine that takes its time.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'sites',
          include: ['test/**/*.test.ts'],
          exclude: ['test/fake-gemini/**', '**/node_modules/**', '**/.sites/**'],
          setupFiles: ['test/support/environment.ts', 'test/support/seed.ts'],
          // The tests' own environment has no CI; where there is one, no test may be skipped.
          env: {
            BROWSER_REQUIRED: process.env['CI'] ?? '',
            SERVERS_REQUIRED: process.env['CI'] ?? '',
            // Hundreds of processes load the same modules.
            NODE_COMPILE_CACHE: path.resolve('node_modules/.cache/node-compile-cache'),
          },
          // What is built runs as users run it: in Node, not in Vitest's module runner.
          server: { deps: { external: [/\/packages\/[^/]+\/dist\//] } },
          // A build of Next.js beside others on a busy machine.
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
