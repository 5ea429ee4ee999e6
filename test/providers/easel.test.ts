import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import sharp from 'sharp'
import { onTestFinished } from 'vitest'
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
