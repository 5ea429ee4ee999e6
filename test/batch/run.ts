/**
 * Works on batch jobs in a process of its own, so that it can be killed:
 * `node run.ts submit|collect <root> <file…>` prints what came of it, as JSON.
 */
import process from 'node:process'
import { resolveOptions } from '@gemini-image/core/internal'
import { driveBatches } from '../support/driver.ts'

const [work = '', root = '', ...files] = process.argv.slice(2)
const options = resolveOptions(
  { retryDelay: 5, concurrency: 1 },
  { hostRoot: root, env: process.env },
)
const batches = driveBatches(options)
const summary =
  work === 'submit'
    ? await batches.submit(files)
    : await batches.collect({ wait: true, firstPause: 20, longestPause: 20 })
console.log(JSON.stringify(summary))
