import { createServer as createProxy, type RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { GeminiImageError } from '@gemini-image/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { prompt, setBatchStage } from '../batch/stage.ts'
import type { Fault } from '../fake-gemini/server.ts'
import { makeCertificate } from '../references/image-server.ts'
import { runCli } from '../support/process.ts'
import { createSite } from '../support/site.ts'
import { KEY } from '../support/vite.ts'
import { withAlt } from '../support/with-alt.ts'
import { importing, mostFor, setStage, type Stage } from './stage.ts'

const most = mostFor(12)

interface Failed {
  readonly stage: Stage
  readonly error: GeminiImageError
  /** How many calls reached the server. */
  readonly calls: number
}

/** A run that fails, whatever is asked of it. @param base What the base URL is to be, given that of the server. */
async function failing(
  fault: Fault | undefined,
  base: (url: string) => string = (url) => url,
): Promise<Failed> {
  const stage = await setStage({
    'main.js': importing('hero'),
    'hero.prompt.md': withAlt('A lighthouse'),
  })
  if (fault) stage.gemini.fault({ times: Infinity, ...fault })
  const env = { GEMINI_API_KEY: KEY, GOOGLE_GEMINI_BASE_URL: base(stage.gemini.url) }
  const error = (await stage.fail({ env, options: { attempts: 3 } })) as GeminiImageError
  return { stage, error, calls: stage.gemini.requests.length }
}

/** An https server with a certificate that nobody trusts. */
async function untrusted(): Promise<{ url: string; calls: () => number }> {
  const certificate = await makeCertificate()
  let calls = 0
  const listener: RequestListener = (_, response) => {
    calls += 1
    response.end('{}')
  }
  const server = createServer(certificate, listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.close().closeAllConnections()
    await certificate.remove()
  })
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, calls: () => calls }
}

describe('what stands between has a cause and a fix of its own, and is asked once:', () => {
  test.for([
    [
      'a redirect to what is no address of the web',
      { kind: 'redirect', location: 'javascript:alert(1)' },
      'PROVIDER_UNAVAILABLE',
      'redirects to elsewhere,',
      'GOOGLE_GEMINI_BASE_URL',
    ],
    [
      'a redirect',
      { kind: 'redirect', location: 'https://elsewhere.invalid/login?key=1' },
      'PROVIDER_UNAVAILABLE',
      'redirects to https://elsewhere.invalid/login,',
      'GOOGLE_GEMINI_BASE_URL',
    ],
    [
      'a page that nothing was found',
      { kind: 'foreign-page' },
      'PROVIDER_UNAVAILABLE',
      'Something other than the Gemini API answered with status 404.',
      'GOOGLE_GEMINI_BASE_URL',
    ],
    [
      'a firewall',
      { kind: 'foreign-page', status: 403 },
      'PROVIDER_UNAVAILABLE',
      'answered with status 403',
      'firewall',
    ],
    ['a page to sign in', { kind: 'html' }, 'BAD_ANSWER', 'A web page came', 'sign in'],
  ] as const)('%s', async ([, fault, code, what, fix]) => {
    const { error, calls } = await failing(fault)
    expect(error).toMatchObject({
      code,
      what: expect.stringContaining(what),
      fix: expect.stringContaining(fix),
      place: { path: 'hero.prompt.md' },
    })
    expect(calls).toBe(1)
  })

  test('the page’s words are told', async () => {
    expect((await failing({ kind: 'foreign-page' })).error.why).toBe('It said: 404 by nginx')
    expect((await failing({ kind: 'html' })).error.why).toContain('Sign in to the network')
    const { error, calls } = await failing({ kind: 'html-error' })
    expect([error.why, calls]).toEqual(['It said: 503 Service Unavailable', 3])
  })

  test('a certificate that is not trusted', async () => {
    const { url, calls } = await untrusted()
    const { error, stage } = await failing(undefined, () => url)
    expect(error).toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      what: 'The certificate of the server is not trusted.',
      why: expect.stringContaining('DEPTH_ZERO_SELF_SIGNED_CERT'),
      fix: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    })
    expect(calls()).toBe(0)
    expect(stage.log.join('\n')).toContain('1 call cost $0.00 ')
  })

  test('a server without TLS', async () => {
    const { error, calls } = await failing(undefined, (url) => url.replace('http:', 'https:'))
    expect(error).toMatchObject({ what: 'The server does not speak https.' })
    expect(calls).toBe(0)
  })

  test('a proxy that wants a password', async () => {
    const asked: string[] = []
    const proxy = createProxy()
    proxy.on('connect', ({ url = '' }, socket) => {
      asked.push(url)
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void proxy.close())
    const { port } = proxy.address() as AddressInfo
    const site = await createSite({
      'main.js': importing('hero'),
      'hero.prompt.md': withAlt('A lighthouse'),
    })
    const { code, output } = await runCli(site.root, ['generate', '--yes'], {
      GEMINI_API_KEY: KEY,
      GOOGLE_GEMINI_BASE_URL: 'https://google.invalid',
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
      NODE_USE_ENV_PROXY: '1',
    })
    expect(code).toBe(1)
    expect(output).toMatch(/The proxy refuses to connect[\s\S]*407[\s\S]*HTTPS_PROXY=/)
    expect(asked).toEqual(['google.invalid:443'])
  })

  test('nobody at all', async () => {
    const { error } = await failing(undefined, () => 'http://127.0.0.1:2')
    expect(error).toMatchObject({
      what: 'There is no connection to Google.',
      fix: expect.stringContaining('NODE_USE_ENV_PROXY=1'),
    })
    expect(error.why).not.toContain('paid')
  })

  test.for(['/v1beta', '/v1beta/', '/v1', '/proxy/v1beta/models'])(
    'a base URL that ends in %s',
    async (ending) => {
      const { error, calls } = await failing(undefined, (url) => url + ending)
      expect(error.code).toBe('INVALID_OPTION')
      const [, suggested = ''] = /GOOGLE_GEMINI_BASE_URL=(\S+)/.exec(error.fix) ?? []
      expect(suggested).toMatch(/^http:\/\/127\.0\.0\.1:\d+(?:\/proxy)?$/)
      expect(calls).toBe(1)
    },
  )
})

describe('what may have been paid for is told, with the number:', () => {
  const booked = (attempts: string, dollars: number): string =>
    `${attempts} and may have been paid for: $${dollars.toFixed(4)}, the most that was estimated, is booked.`

  test('answers that break in the same way end the attempts', async () => {
    for (const kind of ['wrong-encoding', 'truncated'] as const) {
      const { error, calls, stage } = await failing({ kind })
      expect(error).toMatchObject({
        code: 'PROVIDER_UNAVAILABLE',
        what: expect.stringContaining('broke in the same way'),
        fix: expect.stringContaining('proxy'),
      })
      expect(calls).toBe(2)
      const told = booked('2 attempts got no whole answer', 2 * most)
      expect(error.why).toContain(told)
      expect(stage.log.at(-1)).toBe(told)
      expect(stage.log.join('\n')).toContain(`1 call cost $${(2 * most).toFixed(4)} (`)
    }
  })

  test('answers that break in two ways are asked for until the attempts run out', async () => {
    const stage = await setStage({
      'main.js': importing('hero'),
      'hero.prompt.md': withAlt('A lighthouse'),
    })
    stage.gemini.fault({ kind: 'wrong-encoding' })
    stage.gemini.fault({ kind: 'truncated' })
    const { generated, spent } = await stage.prepare()
    expect(generated).toBe(1)
    expect(spent).toBeGreaterThan(2 * most + 0.03)
    expect(stage.log.at(-1)).toBe(booked('2 attempts got no whole answer', 2 * most))
  })

  test('a lost connection', async () => {
    const { error, stage, calls } = await failing({ kind: 'reset' })
    expect(calls).toBe(3)
    expect(error.why).toContain(booked('3 attempts got no whole answer', 3 * most))
    expect(error.fix).not.toContain('not paid for')
    expect(stage.log.join('\n')).toContain(`1 call cost $${(3 * most).toFixed(4)} (`)
  })

  test('a call for which the budget has no second try', async () => {
    const stage = await setStage({
      'main.js': importing('hero'),
      'hero.prompt.md': withAlt('A lighthouse'),
    })
    stage.gemini.fault({ kind: 'reset', times: Infinity })
    const error = (await stage.fail({ options: { budget: 0.05 } })) as GeminiImageError
    expect(error.code).toBe('BUDGET_EXCEEDED')
    expect(error.why).toContain('No further attempt was made.')
    expect(error.why).toContain(booked('One attempt got no whole answer', most))
    expect(stage.log.at(-1)).toBe(booked('One attempt got no whole answer', most))
  })
})

test.for(['getBatch', 'download'] as const)(
  'a page in place of Google closes no batch job, by %s',
  async (on) => {
    const stage = await setBatchStage({ a: prompt('A'), b: prompt('B') })
    await stage.batches().submit(stage.files('a', 'b'))
    await stage.batches().show()
    stage.gemini.fault({ kind: 'foreign-page', on })
    const { closed, landed, missing } = await stage.batches().collect()
    expect([closed, landed, missing]).toEqual([[], [], []])
    expect((await stage.batches().collect({ wait: true, firstPause: 1 })).landed).toHaveLength(2)
  },
)
