import { spawn, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import type { Browser } from 'playwright-core'
import { open, shoot } from './browser.ts'
import { ROOT } from './inputs.ts'

const BLOG = path.join(ROOT, 'examples/astro')
const VIEW = { width: 1440, height: 1000, scheme: 'light' } as const

/** The blog's front page, with the pictures of its lockfile. */
export async function siteShots(browser: Browser): Promise<void> {
  const astro = path.join(BLOG, 'node_modules/astro/bin/astro.mjs')
  const env = { ...process.env, GEMINI_IMAGE_MODE: 'frozen', ASTRO_TELEMETRY_DISABLED: '1' }
  const server = spawn(process.execPath, [astro, 'dev'], { cwd: BLOG, env })
  try {
    const page = await open(browser, await addressOf(server), VIEW)
    await page.waitForLoadState('networkidle')
    // A dev server sends its styles late, and fonts begin to load after them.
    await page.waitForFunction(() =>
      ['Fraunces', 'Literata'].every((name) =>
        [...document.fonts].some(({ family, status }) => family === name && status === 'loaded'),
      ),
    )
    await shoot(page, 'site')
    await page.context().close()
  } finally {
    server.kill()
  }
}

function addressOf(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    server.stdout?.on('data', (text: Buffer) => {
      said += text.toString()
      const [address] = /http:\/\/localhost:\d+\//.exec(said) ?? []
      if (address !== undefined) resolve(address)
    })
    server.once('exit', () => reject(new Error(`Astro has ended: ${said}`)))
  })
}
