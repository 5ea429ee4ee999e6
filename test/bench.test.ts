import path from 'node:path'
import { expect, test } from 'vitest'
import { start } from './support/process.ts'

const BENCH = path.resolve(import.meta.dirname, '../bench/run.ts')

test('the benchmarks run, and each line has a ratio', async () => {
  const args = ['--short', '--count', '3', '--only', 'vite,generate,plan']
  const { code, stdout, stderr } = await start([BENCH, ...args], import.meta.dirname, { CI: '' })
    .ended
  expect([code, stderr]).toEqual([0, ''])
  const [, ...lines] = stdout.split('\n\n')[0]?.split('\n') ?? []
  expect(lines.filter((line) => line.startsWith('vite, 3 pictures: '))).toHaveLength(5)
  expect(lines).toHaveLength(5 + 1 + 2)
  for (const line of lines) expect(line).toMatch(/ \d+\.\d{3}(?: +≤ \d\.\d\d)?$/)
})
