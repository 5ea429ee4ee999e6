import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { closeBrowser, openPage, skipBrowser } from '../support/browser.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, pageOf, promptFile } from '../support/site.ts'
import { keyed, serveSite } from '../support/vite.ts'

afterAll(closeBrowser)

/** A page of another origin on this machine, as any site is that a person has open. */
async function startOtherSite(): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Other')
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://localhost:${(server.address() as AddressInfo).port}/`
}

/** What the other page finds out: everything that a script there can try without the person's help. */
function attack(studio: string): Promise<Record<string, string>> {
  const outcome = async (work: () => Promise<string>): Promise<string> => {
    try {
      return await work()
    } catch {
      return 'refused'
    }
  }
  const read = (path: string, init?: RequestInit) => async (): Promise<string> =>
    (await fetch(studio + path, init)).text()
  const send = (path: string, init: RequestInit) => async (): Promise<string> =>
    `${(await fetch(studio + path, { mode: 'no-cors', ...init })).status}`
  const connect = (): Promise<string> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`${studio.replace('http', 'ws')}__ws`)
      socket.addEventListener('open', () => resolve('open'))
      socket.addEventListener('error', () => resolve('refused'))
    })
  const show = (): Promise<string> =>
    new Promise((resolve) => {
      const frame = document.createElement('iframe')
      frame.addEventListener('load', () => {
        try {
          resolve(String(frame.contentDocument?.title))
        } catch {
          resolve('refused')
        }
      })
      frame.src = studio
      document.body.append(frame)
    })
  const tried = {
    token: read('token'),
    'token with credentials': read('token', { credentials: 'include' }),
    page: read(''),
    post: send('', { method: 'POST', body: '{}' }),
    connect,
    show,
  }
  return Promise.all(
    Object.entries(tried).map(async ([name, work]) => [name, await outcome(work)] as const),
  ).then((all) => Object.fromEntries(all))
}

describe.skipIf(skipBrowser)('another site in the same browser', () => {
  test('learns nothing of the studio, and spends nothing', async () => {
    const gemini = await startGemini()
    const site = await createSite({
      ...pageOf(['hero']),
      'src/hero.prompt.md': promptFile('A hero'),
    })
    const { url } = await serveSite(site, { env: keyed(gemini), options: { budget: 0 } })
    const page = await openPage(await startOtherSite())
    const found = await page.evaluate<Record<string, string>, string>(
      attack,
      `${url}/__gemini-image/`,
    )
    const { page: html, ...others } = found
    // Vite lets pages of this machine read what it serves: the page is for everybody, and the token is not in it.
    expect(html).toContain('<div id="studio">')
    expect(html).not.toContain('token')
    expect(others).toEqual({
      token: '{}',
      'token with credentials': 'refused',
      post: 'refused',
      connect: 'refused',
      // Nothing of a frame can be read.
      show: 'undefined',
    })
    expect(gemini.requests).toEqual([])
  })
})
