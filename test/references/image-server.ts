import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { onTestFinished } from 'vitest'

/** A certificate for `localhost` that nobody trusts unless told to. */
export interface Certificate {
  /** Path of the certificate, for `NODE_EXTRA_CA_CERTS`. */
  readonly file: string
  readonly cert: Buffer
  readonly key: Buffer
  remove(): Promise<void>
}

/** Answers one request for an image. */
export type Answer = (response: ServerResponse) => void

/** A host of images on loopback, by https. */
export interface ImageServer {
  /** `localhost` with the port, as the option `remoteHosts` names it. */
  readonly host: string
  /** The addresses that were asked for, in order. */
  readonly requests: string[]
  /** How many connections were opened, whether or not anything was asked. */
  readonly connections: number
  /** The address of a path. */
  url(path: string): string
  /** Answers a path; the last answer counts. */
  on(path: string, answer: Answer): void
}

/** Makes a certificate, which takes a moment: once for all tests of a file. */
export async function makeCertificate(): Promise<Certificate> {
  const dir = await mkdtemp(path.join(tmpdir(), 'certificate-'))
  const [file, keyFile] = [path.join(dir, 'cert.pem'), path.join(dir, 'key.pem')]
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2'
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const args = [...request.split(' '), ...names, '-keyout', keyFile, '-out', file]
  await promisify(execFile)('openssl', args)
  const [cert, key] = await Promise.all([readFile(file), readFile(keyFile)])
  return { file, cert, key, remove: () => rm(dir, { recursive: true }) }
}

/** Starts a host of images; it is closed when the test ends. */
export async function startImageServer({ cert, key }: Certificate): Promise<ImageServer> {
  const answers = new Map<string, Answer>()
  const requests: string[] = []
  let connections = 0
  const server = createServer({ cert, key }, ({ url = '' }, response) => {
    requests.push(url)
    const answer = answers.get(url) ?? status(404)
    answer(response)
  })
  server.on('connection', () => (connections += 1))
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  onTestFinished(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const host = `localhost:${(server.address() as AddressInfo).port}`
  return {
    host,
    requests,
    get connections() {
      return connections
    },
    url: (file) => `https://${host}${file}`,
    on: (file, answer) => void answers.set(file, answer),
  }
}

/** Answers with bytes. */
export function bytes(content: Uint8Array, type: string): Answer {
  return (response) => void response.writeHead(200, { 'content-type': type }).end(content)
}

/** Answers with a status and nothing else. */
export function status(code: number): Answer {
  return (response) => void response.writeHead(code).end()
}

/** Sends somewhere else. */
export function redirect(location: string, code = 302): Answer {
  return (response) => void response.writeHead(code, { location }).end()
}

/** Sends up to so many bytes, as long as somebody reads them, and tells how many it has sent. */
export function endless(most: number): { readonly answer: Answer; readonly sent: () => number } {
  const chunk = Buffer.alloc(256 * 1024, 1)
  let sent = 0
  const answer: Answer = (response) => {
    response.writeHead(200, { 'content-type': 'image/png' })
    const pump = (): void => {
      while (!response.destroyed && sent < most) {
        sent += chunk.byteLength
        if (!response.write(chunk)) return
      }
      response.end()
    }
    response.on('drain', pump)
    pump()
  }
  return { answer, sent: () => sent }
}
