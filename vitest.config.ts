import { availableParallelism } from 'node:os'
import path from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // By itself, Vitest leaves a core to whoever watches: on two cores, one worker would do all the work.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/*/test/**/*.test.ts', 'test/fake-gemini/**/*.test.ts'],
          // Properties try many values; on a busy machine that takes its time.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'sites',
          include: ['test/**/*.test.ts'],
          exclude: ['test/fake-gemini/**', '**/node_modules/**', '**/.sites/**'],
          setupFiles: ['test/support/environment.ts'],
          // The tests' own environment has no CI; where there is one, no test may be skipped.
          env: {
            BROWSER_REQUIRED: process.env['CI'] ?? '',
            SERVERS_REQUIRED: process.env['CI'] ?? '',
            // Hundreds of processes load the same modules.
            NODE_COMPILE_CACHE: path.resolve('node_modules/.cache/node-compile-cache'),
          },
          // What is built runs as users run it: in Node, not in Vitest's module runner.
          server: { deps: { external: [/\/packages\/[^/]+\/dist\//] } },
          // Browsers, servers and kills beside each other on two cores: one in a thousand comes too late.
          retry: 1,
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
