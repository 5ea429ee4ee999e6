#!/usr/bin/env node
import process from 'node:process'
import { main } from './index.ts'

// Whoever reads the output may have seen enough ("gemini-image plan | head"), or the terminal was closed.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
    process.exit()
  })
}

process.exitCode = await main(process.argv)
