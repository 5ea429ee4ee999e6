import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { openOptions } from '@gemini-image/core'
import { openEnv } from '@gemini-image/core/internal'
import sharp from 'sharp'
import { describe, expect, onTestFinished, test } from 'vitest'
import { importing, prompting } from '../errors/stage.ts'
import { runCommand } from '../support/command.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { buildSite } from '../support/vite.ts'
import {
  keepsTheContract,
  sha256,
  type AskedPicture,
  type Contestant,
  type Mishap,
} from './contract.ts'
import { EASEL } from './easel.ts'

const KEY = 'easel-0123abcd'

interface Body {
  readonly model: string
  readonly prompt: string
  readonly images: readonly string[]
  readonly width: number
  readonly height: number
}

/** Easel's server, on loopback. */
async function startEasel(): Promise<Contestant> {
  const asked: AskedPicture[] = []
  const mishaps: Mishap[] = []
  const server = createServer((request, response) => {
    const say = (status: number, answer: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer))
    }
    const handle = async (): Promise<void> => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(Buffer.from(chunk))
      if (request.headers.authorization !== `Bearer ${KEY}`) return say(401, {})
      const { prompt, images, width, height } = JSON.parse(String(Buffer.concat(chunks))) as Body
      asked.push({ prompt, images: images.map((one) => sha256(Buffer.from(one, 'base64'))) })
      const mishap = mishaps.shift()
      if (mishap === 'hangs') return undefined
      if (mishap === 'breaks off') return request.socket.resetAndDestroy() && undefined
      if (mishap === 'refuses') return say(200, { refused: `not with ${KEY}` })
      if (mishap === 'is overloaded') return say(503, {})
      if (mishap === 'is asked too often') return say(429, {})
      if (mishap === 'knows no such model') return say(404, {})
      const canvas = sharp({ create: { width, height, channels: 3, background: '#446688' } })
      const picture = (await canvas.png().toBuffer()).toString('base64')
      return say(200, { picture, ...(mishap === 'echoes' && { note: KEY }) })
    }
    handle().catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const env = {
    EASEL_KEY: KEY,
    EASEL_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  }
  return {
    definition: EASEL,
    options: { provider: EASEL },
    env,
    badEnv: { ...env, EASEL_KEY: 'easel-00000000' },
    secrets: [KEY],
    asked: () => asked,
    happen: (mishap) => void mishaps.push(mishap),
  }
}

keepsTheContract(startEasel)

/** A site whose configuration names Easel. */
async function siteOfEasel(files: Readonly<Record<string, string>>): Promise<Site> {
  const definition = path.resolve(import.meta.dirname, 'easel.ts')
  return createSite({
    'main.js': importing('hero'),
    'hero.prompt.md': prompting('alt: ""'),
    'gemini-image.config.mjs': `
      import { EASEL } from ${JSON.stringify(definition)}
      export default { provider: EASEL, retryDelay: 5 }\n`,
    ...files,
  })
}

describe('variables of a provider that a configuration names', () => {
  test('are read from env files, in the command and in a build', async () => {
    const { env, asked } = await startEasel()
    const site = await siteOfEasel({ '.env': `EASEL_KEY=${KEY}\nEASEL_URL=${env['EASEL_URL']}\n` })
    expect(await runCommand(site.root, ['generate', '--yes'])).toMatchObject({ code: 0 })
    await site.write('hero.prompt.md', prompting('alt: ""', 'A harbour'))
    const other = await siteOfEasel({
      ...pageOf(['hero']),
      'src/hero.prompt.md': promptFile('A harbour'),
      '.env.local': `EASEL_KEY=${KEY}\nEASEL_URL=${env['EASEL_URL']}\n`,
    })
    await other.remove('main.js')
    await other.remove('hero.prompt.md')
    await buildSite(other)
    expect(asked()).toHaveLength(2)
  })

  test('send no key of the machine to where an env file says', async () => {
    const site = await siteOfEasel({ '.env': 'EASEL_URL=https://evil.example\n' })
    const warnings: string[] = []
    const files = { dir: site.root, warn: (text: string): unknown => warnings.push(text) }
    const { env, envFor } = openEnv(files, { EASEL_KEY: KEY })
    const given: unknown[] = []
    const watched = (credentials: Parameters<typeof envFor>[0]): ReturnType<typeof envFor> => {
      const all = envFor(credentials)
      given.push(all)
      return all
    }
    await openOptions({}, { hostRoot: site.root, env, envFor: watched })
    expect(given).toEqual([{ EASEL_KEY: KEY }])
    expect(warnings).toEqual([
      expect.stringMatching(/^\.env sets EASEL_URL, which is ignored: the API key does not come/),
    ])
  })

  test('are looked for by doctor, and shown by nobody', async () => {
    const site = await siteOfEasel({
      '.env': `EASEL_KEY=${KEY}\nVITE_EASEL_KEY=easel-89abcdef\nVITE_MAP=easel-01234567\n`,
      'notes.md': `The key is ${KEY}.\n`,
    })
    execFileSync('git', ['init', '-q'], { cwd: site.root })
    execFileSync('git', ['add', '-A'], { cwd: site.root })
    const { stdout, stderr } = await runCommand(site.root, ['doctor', '--json'])
    const { checks } = JSON.parse(stdout) as {
      checks: { name: string; verdict: string; text: string }[]
    }
    const texts = checks.filter(({ name }) => name === 'secrets').map(({ text }) => text)
    expect(texts).toContainEqual(
      expect.stringMatching(/^VITE_EASEL_KEY holds an API key.*EASEL_KEY/),
    )
    expect(texts).toContainEqual(expect.stringMatching(/^VITE_MAP looks like a key of Easel/))
    expect(texts).toContainEqual(expect.stringMatching(/^\.env, notes\.md hold an API key/))
    expect(stdout + stderr).not.toMatch(/easel-[0-9a-f]{8}/)
  })
})
