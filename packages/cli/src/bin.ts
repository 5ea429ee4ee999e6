#!/usr/bin/env node
import process from 'node:process'
import { main } from './index.ts'

// Whoever reads the output may have seen enough: "gemini-image plan | head".
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit()
})

process.exitCode = await main(process.argv)
