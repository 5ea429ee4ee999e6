import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { resolveOptions, type Logger } from '@gemini-image/core/internal'
import sharp from 'sharp'
import type { FakeGemini } from '../fake-gemini/server.ts'
import type { Capability, Colour } from './capability.ts'
import { type Driver, drive } from '../support/driver.ts'

/** A picture filled with a colour, in the format that a file's name says; the same bytes every time. */
export function colourImage(colour: Colour, file = 'a.png'): Promise<Buffer> {
  const size = colour === 'yellow' ? { width: 32, height: 18 } : { width: 16, height: 16 }
  const canvas = sharp({ create: { ...size, channels: 3, background: colour } })
  return (file.endsWith('.jpg') ? canvas.jpeg() : canvas.png()).toBuffer()
}

/** Writes the files of a capability, with a script that imports the picture. */
export async function writeCapability(root: string, capability: Capability): Promise<void> {
  const files: Record<string, string | Buffer> = {
    'package.json': '{}',
    'main.js': "import './hero.prompt.md?gemini-image'\n",
    ...capability.files,
  }
  for (const [file, colour] of Object.entries(capability.images ?? {})) {
    files[file] = await colourImage(colour)
  }
  for (const [file, content] of Object.entries(files)) {
    const target = path.join(root, file)
    await mkdir(path.dirname(target), { recursive: true })
    await writeFile(target, content)
  }
}

/** An driver on a site, that asks the fake server. */
export function openEngine(
  root: string,
  { options }: Capability,
  transport: 'generate-content' | 'interactions',
  { url }: Pick<FakeGemini, 'url'>,
  logger?: Logger,
): Driver {
  const env = { GEMINI_API_KEY: 'a-key', GOOGLE_GEMINI_BASE_URL: url }
  return drive(
    resolveOptions({ transport, retryDelay: 5, ...options }, { hostRoot: root, env, logger }),
  )
}
