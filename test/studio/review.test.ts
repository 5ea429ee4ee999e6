import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { commitAll, drawn, entryOf, git, plain, runJson, siteOf } from '../cli/stage.ts'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { closeBrowser, openPage, skipBrowser } from '../support/browser.ts'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { startCli } from '../support/process.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { connectStudio } from '../support/studio.ts'
import { buildSite, keyed } from '../support/vite.ts'

afterAll(closeBrowser)

const NASTY = `</script><script>alert(1)</script><img src=x onerror=alert(2)>
import './never.prompt.md?gemini-image' url(./never.prompt.md?gemini-image)`

interface Branch {
  readonly site: Site
  readonly gemini: FakeGemini
}

/** A branch that has edited a prompt, adopted a picture, removed one, and added one that is not drawn. */
async function branch(): Promise<Branch> {
  const gemini = await startGemini()
  const site = await siteOf({
    ...plain('same', 'gone'),
    hero: promptFile('A lighthouse at dusk, seen from the sea', { aspectRatio: '16:9' }),
    mast: promptFile('A mast', { aspectRatio: '3:4' }),
  })
  await drawn(site, gemini)
  commitAll(site)
  git(site.root, 'checkout', '--quiet', '-b', 'warmer')
  await site.write(
    'src/hero.prompt.md',
    promptFile('A lighthouse at dawn, seen from the sea', { aspectRatio: '16:9', alt: 'Dawn' }),
  )
  await site.remove('src/gone.prompt.md')
  await site.write('src/main.js', pageOf(['same', 'hero', 'mast'])['src/main.js'] ?? '')
  await drawn(site, gemini)
  const { file } = await entryOf(site, 'src/same.prompt.md')
  const adopted = await runCommand(site.root, ['adopt', 'mast', `.gemini-image/${file}`])
  expect(adopted.code).toBe(0)
  // What the base has pinned is in git alone.
  expect((await runCommand(site.root, ['prune', '--yes'])).code).toBe(0)
  await site.write('src/next.prompt.md', promptFile(NASTY))
  await site.write('src/more.js', "import './next.prompt.md?gemini-image'\n")
  const main = await site.read('src/main.js')
  await site.write('src/main.js', `import './more.js'\n${main}`)
  git(site.root, 'add', '--all')
  git(site.root, 'commit', '--quiet', '--message=Warmer')
  return { site, gemini }
}

async function build(site: Site, ...args: string[]): Promise<string> {
  const { code, output } = await runCommand(site.root, ['studio', '--build', 'out', ...args])
  expect(`${code} ${output}`).toMatch(/^0 /)
  return pathToFileURL(site.path('out/index.html')).href
}

/** What `data.js` says. */
async function dataOf(site: Site) {
  const script = await readFile(site.path('out/data.js'), 'utf8')
  return JSON.parse(script.replace(/^[^{]*/, '').trim())
}

/** Opens a page without a network. @returns what it asked for and complained of as well. */
async function openOffline(
  url: string,
): Promise<{ page: Page; asked: string[]; faults: string[] }> {
  const page = await openPage('about:blank')
  const [asked, faults]: [string[], string[]] = [[], []]
  page.on('request', (request) => void asked.push(request.url()))
  page.on('console', (message) => void faults.push(message.text()))
  page.on('pageerror', (error) => void faults.push(error.message))
  await page.context().setOffline(true)
  await page.goto(url)
  return { page, asked, faults }
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
}

/** Serves a folder as a host of static sites does, which believes in its types alone. */
async function serve(root: string): Promise<string> {
  const answer = async (pathname: string, response: ServerResponse): Promise<void> => {
    const file = path.join(root, pathname)
    const bytes = await readFile(file).catch(() => undefined)
    const type = TYPES[path.extname(file)] ?? 'application/octet-stream'
    const headers = { 'content-type': type, 'x-content-type-options': 'nosniff' }
    response.writeHead(bytes ? 200 : 404, headers).end(bytes)
  }
  const server = createServer((request, response) => {
    void answer(new URL(request.url ?? '', 'http://localhost').pathname, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe.skipIf(skipBrowser)('a page of what a branch has changed', () => {
  test('opens from the disk, with what was there and what is, and neither asks nor runs anything else', async () => {
    const { site, gemini } = await branch()
    gemini.reset()
    const url = await build(site)
    const { page, asked, faults } = await openOffline(url)
    const change = (name: string) => page.getByRole('article', { name, exact: true })
    await change('hero').waitFor()
    expect(
      await page
        .locator('article')
        .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label'))),
    ).toEqual(['hero', 'mast', 'next', 'gone'])
    const words = async (name: string) => (await change(name).innerText()).replaceAll(/\s+/g, ' ')
    expect(await words('hero')).toMatch(
      /hero Changed .*at dusk, dawn, seen from the sea .*Dawn .*Paid \$0\.\d+/,
    )
    expect(await change('hero').locator('del, ins').allInnerTexts()).toEqual(['dusk,', 'dawn,'])
    expect(await words('mast')).toContain('A person, not a model')
    expect(await words('next')).toContain('<script>alert(1)</script>')
    expect(await words('gone')).toContain('Nothing declares it any more.')
    expect(await page.locator('header').innerText()).toMatch(
      /4 changes since main[^]*This branch\s+\$0\.\d+/,
    )
    const sizes = await page.evaluate(async () => {
      const all = [...document.images]
      await Promise.all(all.map((image) => ((image.loading = 'eager'), image.decode())))
      return all.map(({ naturalWidth }) => naturalWidth > 0)
    })
    expect(sizes).toEqual([true, true, true, true, true])
    const root = pathToFileURL(site.path('out/')).href
    expect(asked.filter((one) => !one.startsWith(root))).toEqual([])
    expect(faults).toEqual([])
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    }
    expect(gemini.requests).toEqual([])
  })

  test('a picture of it is compared at full size, and nothing there can be changed', async () => {
    const { site } = await branch()
    const { page, faults } = await openOffline(await build(site))
    await page.getByRole('article', { name: 'hero' }).locator('img').first().click()
    await page.getByRole('slider', { name: /Divider/ }).waitFor()
    const images = page.locator('.compare-frame img')
    expect(await images.count()).toBe(2)
    expect(
      await images.evaluateAll((all) =>
        Promise.all(
          (all as HTMLImageElement[]).map(async (image) => {
            await image.decode()
            return image.naturalWidth
          }),
        ),
      ),
    ).toEqual([1376, 1376])
    const buttons = (await page.getByRole('button').allInnerTexts()).filter(Boolean)
    expect(buttons).toEqual(['One', 'Side by side', 'Compare', 'Fit', '100 %'])
    expect(faults).toEqual([])
  })

  test('every picture, below any base of any host', async () => {
    const { site } = await branch()
    const { code } = await runCommand(site.root, ['studio', '--build', 'out/deep', '--all'])
    expect(code).toBe(0)
    const origin = await serve(site.root)
    const page = await openPage(`${origin}/out/deep/index.html`)
    await page.getByRole('link', { name: 'same' }).waitFor()
    expect(
      await page
        .locator('img')
        .first()
        .evaluate((image: HTMLImageElement) => image.decode()),
    ).toBe(undefined)
  })
})

describe('what is written', () => {
  test('holds no path of the machine and no key, and is the same every time', async () => {
    const { site, gemini } = await branch()
    await build(site)
    const first = await site.read('out/data.js')
    const files = await site.list('out')
    expect(first).not.toContain(path.dirname(site.root))
    await build(site)
    expect(await site.read('out/data.js')).toBe(first)
    expect(await site.list('out')).toEqual(files)
    // It lies among the sources, and asks for nothing.
    const before = gemini.requests.length
    await site.remove('src/more.js')
    await site.write('src/main.js', pageOf(['same', 'hero', 'mast'])['src/main.js'] ?? '')
    await buildSite(site, { env: keyed(gemini) })
    expect(gemini.requests).toHaveLength(before)
  })

  test('all pictures, with what is lost, broken, missing or declared by nothing', async () => {
    const gemini = await startGemini()
    const site = await drawn(await siteOf(plain('one', 'lost', 'corrupt', 'gone')), gemini)
    const [lost, corrupt] = await Promise.all(
      ['lost', 'corrupt'].map((name) => entryOf(site, `src/${name}.prompt.md`)),
    )
    await site.remove(`.gemini-image/${lost?.file}`)
    await site.write(`.gemini-image/${corrupt?.file}`, 'Not a picture')
    await site.remove('src/gone.prompt.md')
    await site.write('src/bad.prompt.md', promptFile('bad', { size: '9K' }))
    const main = pageOf(['one', 'lost', 'corrupt', 'bad'])['src/main.js'] ?? ''
    await site.write('src/main.js', main)
    await build(site, '--all')
    const { overview, files } = await dataOf(site)
    const shown = overview.pictures.map((one: Record<string, unknown>) => [
      one['name'],
      one['state'],
      one['image'] !== undefined,
    ])
    expect(shown.toSorted()).toEqual([
      ['corrupt', 'pinned', false],
      ['gone', 'removed', true],
      ['lost', 'missing', false],
      ['one', 'pinned', true],
    ])
    const problems = overview.problems.map(({ message }: { message: string }) => message).join('\n')
    expect(problems).toContain('UNSUPPORTED_SIZE')
    expect(problems).toContain('CORRUPT_OBJECT')
    expect(Object.keys(files)).toHaveLength(2)
  })

  test('a picture of the base that Git LFS keeps is said to be missing', async () => {
    const gemini = await startGemini()
    const site = await drawn(await siteOf(plain('hero')), gemini)
    const { file } = await entryOf(site, 'src/hero.prompt.md')
    const bytes = await readFile(site.path(`.gemini-image/${file}`))
    await site.write(
      `.gemini-image/${file}`,
      `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize ${bytes.length}\n`,
    )
    commitAll(site)
    await site.write('src/hero.prompt.md', promptFile('Another'))
    await drawn(site, gemini)
    await site.remove(`.gemini-image/${file}`)
    git(site.root, 'checkout', '--quiet', '-b', 'other')
    await build(site)
    const { overview } = await dataOf(site)
    expect(overview.pictures[0].change).toMatchObject({
      whyNotBefore: expect.stringContaining('Git LFS'),
    })
    expect(overview.pictures[0].change.before).toBeUndefined()
  })

  test('nothing is written among other files', async () => {
    const site = await siteOf(plain('one'))
    const { code, output } = await runCommand(site.root, ['studio', '--build', 'src', '--all'])
    expect(code).toBe(1)
    expect(output).toContain('INVALID_ARGUMENT')
    expect((await runJson(site, ['studio', '--all'])).report.error.code).toBe('INVALID_ARGUMENT')
  })
})

/** What the command prints for a person to open. */
async function addressFrom({ stdout, stderr }: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let said = ''
  for (const stream of [stdout, stderr]) {
    stream?.on('data', (text: string) => {
      said += text
      const [address] = /http\S+#token=\S+/.exec(said) ?? []
      if (address !== undefined) resolve(address)
    })
  }
  return promise
}

test('the day of a reviewer', async () => {
  const { site, gemini } = await branch()
  const { child } = startCli(site.root, ['studio', '--no-open'], keyed(gemini))
  const { api } = await connectStudio(await addressFrom(child))
  const ids = Object.fromEntries((await api.overview()).pictures.map(({ name, id }) => [name, id]))
  const hero = async () => (await api.overview()).pictures.find(({ name }) => name === 'hero')
  expect((await hero())?.decision).toBeUndefined()
  // What the pull request will say: one call of the branch, and two of the main one.
  const money = async () => (await api.overview()).money
  const { branch: onBranch, month } = await money()
  expect(onBranch).toMatch(/^\$0\.0/)
  expect(onBranch).not.toBe(month)
  await expect(api.decide(ids['hero'] ?? '', 'rejected')).rejects.toThrow(/word why/)
  await expect(api.decide(ids['next'] ?? '', 'accepted')).rejects.toThrow(/does not show/)
  await expect(api.decide(ids['hero'] ?? '', 'accepted', '', 'other')).rejects.toThrow(
    /look at it again/,
  )
  await api.decide(ids['mast'] ?? '', 'accepted')
  await api.decide(ids['hero'] ?? '', 'rejected', 'Too | cold\nfor @us')
  expect((await hero())?.decision).toMatchObject({
    verdict: 'rejected',
    word: 'Too | cold\nfor @us',
  })
  const lines = (await site.read('gemini-image.review')).trim().split('\n')
  expect(lines.map((line) => Object.keys(JSON.parse(line)).join())).toEqual([
    'declaration,fingerprint,object,verdict,date',
    'declaration,fingerprint,object,verdict,word,date',
  ])
  // The next person sees it, on the page and in the report.
  await build(site)
  const { overview } = await dataOf(site)
  const decided = overview.pictures.flatMap(
    (one: Record<string, { verdict?: string } | undefined>) => one['decision']?.verdict ?? [],
  )
  expect(decided).toEqual(['rejected', 'accepted'])
  const { stdout } = await runCommand(site.root, ['plan', '--format', 'markdown', '--base', 'main'])
  expect(stdout).toContain('accepted')
  expect(stdout).toContain('A lighthouse at <del>dusk, </del><ins>dawn, </ins>seen from the sea')
  expect(stdout).toContain(`Paid on this branch: ${onBranch}, for 1 call`)
  expect(stdout).toMatch(/rejected.*Too/)
  // A new picture has been looked at by nobody.
  await api.generate([ids['hero'] ?? ''], 'again')
  expect((await hero())?.decision).toBeUndefined()
  expect((await money()).branch).not.toBe(onBranch)
  git(site.root, 'checkout', '--quiet', '-B', 'main')
  expect((await money()).branch).toBeUndefined()
})

describe.skipIf(skipBrowser)('a decision', () => {
  test('is clicked with a word why, and seen by the next person', async () => {
    const { site, gemini } = await branch()
    const { child } = startCli(site.root, ['studio', '--no-open'], keyed(gemini))
    const page = await openPage(await addressFrom(child))
    const onCard = (of: Page, text: string) =>
      of.getByRole('listitem').filter({ hasText: 'hero' }).getByText(text)
    const decide = (name: string | RegExp) =>
      page.getByRole('button', { name, exact: true }).click()
    await page.getByRole('link', { name: 'mast' }).click()
    await decide('Accept')
    await page.getByText('mast was accepted.').waitFor()
    await page.getByRole('link', { name: 'Pictures' }).click()
    await page.getByRole('link', { name: 'hero' }).click()
    await page.getByText('Nobody has decided yet.').waitFor()
    await decide('Accept')
    await page.getByText('hero was accepted.').waitFor()
    await decide('Reject…')
    // Nothing is rejected without a word.
    expect(await page.getByRole('button', { name: 'Reject', exact: true }).isDisabled()).toBe(true)
    await page.getByLabel('What is wrong with it?').fill('The lamp should be on.')
    await decide('Reject')
    await page.getByText('hero was rejected.').waitFor()
    await page.getByText('The lamp should be on.').waitFor()
    await page.getByRole('link', { name: 'Pictures' }).click()
    await onCard(page, 'Rejected').waitFor()

    commitAll(site)
    const next = await createSite({})
    git(next.root, 'clone', '--quiet', site.root, 'copy')
    const other = startCli(next.path('copy'), ['studio', '--no-open'])
    const theirs = await openPage(await addressFrom(other.child))
    await onCard(theirs, 'Rejected').waitFor()
    await theirs.getByRole('link', { name: 'hero' }).click()
    await theirs.getByText('The lamp should be on.').waitFor()
    await theirs.getByRole('button', { name: 'Reject for another reason…' }).waitFor()
    expect(gemini.requests).toHaveLength(5)
  })
})
