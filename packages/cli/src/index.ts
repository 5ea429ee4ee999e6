#!/usr/bin/env node
import { createRequire } from 'node:module'
import { isGeminiImageError } from '@gemini-image/core'
import { Command } from 'commander'
import { planCommand } from './plan-command.ts'

const { version } = createRequire(import.meta.url)('../package.json') as { version: string }

const program = new Command('gemini-image')
  .description('The generated pictures of a site: planned, priced and pinned.')
  .version(version)
  .addHelpText('after', '\nExit codes: 0 all is well, 1 an error, 2 a picture is missing (plan).')
  .addCommand(planCommand())

try {
  await program.parseAsync()
} catch (error) {
  if (!isGeminiImageError(error)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
