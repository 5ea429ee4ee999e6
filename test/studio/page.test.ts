import { createRequire } from 'node:module'
import type { Locator, Page } from 'playwright-core'
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { PictureState } from '../../packages/studio/src/protocol.ts'
import { closeBrowser, openPage, skipBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { furnish, mockProject, type MockProject } from './mock-project.ts'
import { startMockStudio, TOKEN, tokenOf, type MockStudio } from './mock-studio.ts'

afterAll(closeBrowser)

const AXE = createRequire(import.meta.url).resolve('axe-core')

const EACH_STATE: readonly PictureState[] = [
  'pinned',
  'pinned',
  'missing',
  'pinned',
  'stale',
  'generating',
  'refused',
  'pinned',
  'adopted',
  'pending',
]

interface Open {
  readonly studio: MockStudio
  readonly page: Page
}

function someProject(): MockProject {
  const project = mockProject(EACH_STATE)
  furnish(project)
  return project
}

/** Opens the page in Chromium. */
async function open(hash = '', project = someProject()): Promise<Open> {
  const studio = await startMockStudio(project)
  onTestFinished(studio.close)
  const page = await openPage(`${studio.url}${hash}`)
  return { studio, page }
}

/** The page of the first picture, which has everything. */
function openFirst(more = ''): Promise<Open> {
  return open(`#/picture/${encodeURIComponent('src/pages/lighthouse.prompt.md')}${more}`)
}

type Box = NonNullable<Awaited<ReturnType<Locator['boundingBox']>>>

async function boxOf(of: Locator): Promise<Box> {
  const box = await of.boundingBox()
  if (!box) throw new Error('It is not on the screen.')
  return box
}

/** Fingers on a touch screen: where each is at every step, before they are lifted. */
async function touch(page: Page, steps: readonly (readonly number[])[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 2 })
  for (const [index, step] of steps.entries()) {
    const touchPoints = Array.from({ length: step.length / 2 }, (_, id) => ({
      id,
      x: step[2 * id] ?? 0,
      y: step[2 * id + 1] ?? 0,
    }))
    const type = index === 0 ? 'touchStart' : 'touchMove'
    await session.send('Input.dispatchTouchEvent', { type, touchPoints })
  }
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await session.detach()
}

const shownNames = (page: Page): Promise<string[]> => page.locator('.card a').allTextContents()
const button = (page: Page | Locator, name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: true })
const inFocus = (page: Page): Promise<string> =>
  page.evaluate('document.activeElement.textContent.trim()')
const dialogOf = (page: Page): Locator => page.getByRole('dialog')

describe.skipIf(skipBrowser)('the gallery', () => {
  test('is filtered by words and by state, and says so where nothing matches', async () => {
    const { page } = await open()
    await page.locator('.card').first().waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('HARBOUR')
    await vi.waitFor(async () => expect(await shownNames(page)).toEqual(['harbour', 'harbour-2']))
    expect(page.url()).toContain('q=HARBOUR')
    await page.keyboard.type(' zebra')
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor()
    await button(page, 'Show all pictures').click()
    await button(page, 'Refused 1').click()
    await vi.waitFor(async () => expect(await shownNames(page)).toEqual(['dune']))
    expect(await page.locator('.card').textContent()).toContain('Google refused it')
    await page.reload()
    await vi.waitFor(async () => expect(await shownNames(page)).toEqual(['dune']))
  })

  test('is used by keyboard: arrows move, Enter opens, Escape returns to the same picture', async () => {
    const { page } = await open()
    await page.locator('.card a').first().focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowUp')
    await vi.waitFor(async () => expect(await inFocus(page)).toBe('orchard'))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'orchard' }).waitFor()
    await page.keyboard.press('ArrowRight')
    await page.getByRole('heading', { level: 1, name: 'harbour' }).waitFor()
    await page.keyboard.press('Escape')
    await vi.waitFor(async () => expect(await inFocus(page)).toBe('harbour'))
    await page.keyboard.press('?')
    expect(await dialogOf(page).textContent()).toContain('Previous and next picture')
    await page.keyboard.press('Escape')
    await vi.waitFor(async () => expect(await inFocus(page)).toBe('harbour'))
  })

  test('draws of 500 pictures only those near by, and End reaches the last', async () => {
    const { page } = await open('#/', mockProject(Array(500).fill('pinned')))
    await page.locator('.card').first().waitFor()
    expect(await page.locator('.card').count()).toBeLessThan(60)
    await page.locator('.card a').first().focus()
    await page.keyboard.press('End')
    await vi.waitFor(async () => expect(await inFocus(page)).toBe('harbour-72'))
    const last = page.locator('.card').last()
    expect(await last.getAttribute('aria-posinset')).toBe('500')
    await vi.waitFor(() => last.locator('.is-loaded').waitFor({ timeout: 1000 }), 10_000)
    expect(await page.locator('.card').count()).toBeLessThan(60)
  })

  test('asks before it generates what is missing, with the price, and not at all without a key', async () => {
    const { studio, page } = await open()
    await button(page, 'Generate 2 missing ($0.08)').click()
    await button(dialogOf(page), 'Cancel').click()
    await vi.waitFor(async () => expect(await inFocus(page)).toBe('Generate 2 missing ($0.08)'))
    expect(studio.calls).toEqual([])
    await button(page, 'Generate 2 missing ($0.08)').click()
    await button(dialogOf(page), 'Generate for $0.08').dblclick()
    await vi.waitFor(() => expect(studio.calls).toHaveLength(1))
    expect(studio.calls[0]?.args[0]).toEqual([
      'src/pages/harbour.prompt.md',
      'src/pages/market.prompt.md',
    ])
    const canGenerate = 'GEMINI_API_KEY is not set.'
    studio.project.overview = { ...studio.project.overview, canGenerate }
    await studio.update('src/pages/harbour.prompt.md', { state: 'missing' })
    await page.getByText(canGenerate, { exact: true }).waitFor()
    expect(await button(page, /^Generate 1 missing/).isDisabled()).toBe(true)
  })

  test('takes a file that is dropped on a card, once both have been seen', async () => {
    const { studio, page } = await open()
    await drop(page, page.locator('.card').nth(2), 'mine.png', 'the bytes')
    const dialog = dialogOf(page)
    await dialog.getByText('labelled as brought by a person, not as generated').waitFor()
    expect(await dialog.textContent()).toContain('No picture')
    await page.keyboard.press('Escape')
    expect(studio.calls).toEqual([])
    await drop(page, page.locator('.card').nth(2), 'mine.png', 'the bytes')
    await button(dialog, 'Adopt this file').click()
    await dialog.waitFor({ state: 'detached' })
    const data = Buffer.from('the bytes').toString('base64')
    expect(studio.calls).toEqual([
      { name: 'adopt', args: ['src/pages/harbour.prompt.md', { name: 'mine.png', data }] },
    ])
  })

  test('lists what is wrong in the source, and opens the place', async () => {
    const project = someProject()
    const place = 'src/pages/tower.prompt.md:3:1'
    const problems = [{ message: '`sise` is not a setting.\nDid you mean `size`?', place }]
    project.overview = { ...project.overview, problems }
    const { studio, page } = await open('', project)
    const region = page.getByRole('region', { name: '1 problem in the source' })
    expect(await region.innerText()).toContain('not a setting.\nDid you mean')
    await button(region, `Open ${place} in the editor`).click()
    await vi.waitFor(() => expect(studio.calls).toEqual([{ name: 'open', args: [place] }]))
  })

  test('says to an empty project what to type', async () => {
    const { page } = await open('', mockProject([]))
    await page.getByRole('heading', { name: 'No pictures yet' }).waitFor()
    expect(await page.locator('main').innerText()).toContain('./hero.prompt.md?gemini-image')
  })

  test('is live: the old picture stays, dimmed, until the new one has landed', async () => {
    const { studio, page } = await open()
    const id = 'src/pages/lighthouse.prompt.md'
    const card = page.locator('.card').first()
    await card.locator('.is-loaded').waitFor()
    const before = await card.locator('img').getAttribute('src')
    await studio.update(id, {
      state: 'generating',
      progress: { startedAt: Date.now(), expectedMs: 9000 },
    })
    await card.getByText(/about \d s left/).waitFor()
    expect(await card.locator('img').getAttribute('src')).toBe(before)
    expect(await card.locator('.is-waiting').count()).toBe(1)
    await studio.update(id, { state: 'pinned', progress: undefined, price: '$0.04' })
    const status = page.getByRole('status').getByText('lighthouse was generated, $0.04')
    await status.waitFor()
    expect(await card.locator('.is-waiting').count()).toBe(0)
  })
})

describe.skipIf(skipBrowser)('a picture', () => {
  test('is compared with another by a slider that keys move', async () => {
    const { page } = await openFirst('?view=compare')
    const slider = page.getByRole('slider')
    await slider.focus()
    await page.keyboard.press('ArrowRight')
    expect(await slider.getAttribute('aria-valuenow')).toBe('52')
    const clip = (): Promise<string> =>
      page.locator('.compare-left').evaluate((element) => getComputedStyle(element).clipPath)
    expect(await clip()).toBe('inset(0px 48% 0px 0px)')
    await page.keyboard.press('Home')
    expect(await clip()).toBe('inset(0px 100% 0px 0px)')
    await page.getByLabel('Right').selectOption({ index: 5 })
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^Variant 1 0 %, \d+ Oct.* 100 %$/)
    // The page itself was not left by these keys.
    expect(page.url()).toContain('lighthouse')
  })

  test('is zoomed by two fingers around what is between them, and dragged by one', async () => {
    const { page } = await openFirst()
    await page.setViewportSize({ width: 390, height: 844 })
    const picture = page.locator('.zoom-picture')
    const frame = await boxOf(page.locator('.zoom-frame'))
    const [x, y] = [frame.x + frame.width / 2, frame.y + frame.height / 2]
    const before = await boxOf(picture)
    // Fingers move at an angle: a browser that took them for a scroll or a zoom of its own would keep them.
    await touch(page, [
      [x - 30, y - 20, x + 30, y + 20],
      [x - 60, y - 40, x + 60, y + 40],
      [x - 90, y - 60, x + 90, y + 60],
    ])
    const widened = async (): Promise<number> => (await boxOf(picture)).width / before.width
    await vi.waitFor(async () => expect(await widened()).toBeCloseTo(3, 1))
    const zoomed = await boxOf(picture)
    const middle = (box: Box): number => (x - box.x) / box.width
    expect(middle(zoomed)).toBeCloseTo(middle(before), 1)
    expect(await page.evaluate('[visualViewport.scale, scrollY]')).toEqual([1, 0])
    await touch(page, [
      [x, y],
      [x + 20, y + 15],
      [x + 40, y + 30],
    ])
    await vi.waitFor(async () => expect((await boxOf(picture)).x - zoomed.x).toBeCloseTo(40, 0))
    await touch(page, [
      [x - 90, y - 60, x + 90, y + 60],
      [x - 20, y - 10, x + 20, y + 10],
    ])
    await vi.waitFor(async () => expect(await widened()).toBeCloseTo(1, 2))
  })

  test('is zoomed by keys, by the wheel and by buttons, and moved', async () => {
    const { page } = await openFirst()
    const picture = page.locator('.zoom-picture')
    const width = async (): Promise<number> => (await picture.boundingBox())?.width ?? 0
    await picture.waitFor()
    const fit = await width()
    expect(fit).toBeLessThan(1376)
    await page.keyboard.press('1')
    expect(await width()).toBe(1376)
    const left = (await picture.boundingBox())?.x ?? 0
    await page.keyboard.press('ArrowRight')
    expect((await picture.boundingBox())?.x).toBeLessThan(left)
    await page.keyboard.press('0')
    expect(await width()).toBe(fit)
    await picture.hover()
    await page.mouse.wheel(0, -300)
    await vi.waitFor(async () => expect(await width()).toBeGreaterThan(fit * 1.5))
    await button(page, 'Fit').click()
    expect(await width()).toBe(fit)
  })

  test('is picked among variants, and an earlier one returns', async () => {
    const { studio, page } = await openFirst()
    await button(page, 'Variant 3').click()
    await button(page, 'Pick variant 3').click()
    await vi.waitFor(() => expect(studio.calls).toHaveLength(1))
    await page.locator('.strip li', { hasText: 'Variant 3' }).getByText('In use').waitFor()
    await page.goto(page.url().replace(/$/, '?view=side'))
    await page.getByText('Its bytes are no longer in the store.').waitFor()
    await button(page, 'Go back to this one').first().click()
    await vi.waitFor(() => expect(studio.calls).toHaveLength(2))
    const id = 'src/pages/lighthouse.prompt.md'
    expect(studio.calls).toEqual([
      { name: 'pick', args: [id, 3] },
      { name: 'goBack', args: [id, 'former-120'] },
    ])
  })

  test('is generated again once, however often a person clicks', async () => {
    const { studio, page } = await openFirst()
    let release = (): void => undefined
    studio.override.generate = () =>
      new Promise((resolve) => {
        release = () => resolve({ spent: '$0.04' })
      })
    const again = button(page, 'Generate again ($0.04)')
    await again.evaluate((element: HTMLElement) => {
      element.click()
      element.click()
    })
    await button(page, 'Generating…').click({ force: true })
    release()
    await again.waitFor()
    await page.getByRole('status').getByText('lighthouse was generated, $0.04').waitFor()
    expect(studio.calls).toEqual([
      { name: 'generate', args: [['src/pages/lighthouse.prompt.md'], 'again'] },
    ])
  })

  test('is edited only once the difference has been seen', async () => {
    const { studio, page } = await openFirst()
    await button(page, 'Edit').click()
    const dialog = dialogOf(page)
    expect(await button(dialog, 'Review the change').isDisabled()).toBe(true)
    await dialog.getByLabel('Prompt').fill('A lighthouse at noon')
    await dialog.getByLabel('Size').fill('2K')
    await dialog.getByLabel('Value of seed').fill('')
    await button(dialog, 'Review the change').click()
    await dialog.locator('.added').getByText('+A lighthouse at noon').waitFor()
    await dialog.locator('.removed').getByText('-A lighthouse at dusk').waitFor()
    expect(studio.calls).toEqual([])
    await button(dialog, 'Back').click()
    expect(await dialog.getByLabel('Prompt').inputValue()).toBe('A lighthouse at noon')
    await button(dialog, 'Review the change').click()
    await button(dialog, 'Write').click()
    await dialog.waitFor({ state: 'detached' })
    const id = 'src/pages/lighthouse.prompt.md'
    const change = { prompt: 'A lighthouse at noon', settings: { size: '2K', seed: null } }
    expect(studio.calls).toEqual([{ name: 'applyEdit', args: [tokenOf(id, change)] }])
    await vi.waitFor(async () => expect(await inFocus(page)).toBe('Edit'))
  })

  test('is changed by saying what to change, at a price that stands on the button', async () => {
    const { studio, page } = await openFirst()
    await page.getByLabel('Say what to change').fill('Warmer')
    await page.keyboard.press('Enter')
    await button(dialogOf(page), 'Write and generate ($0.04)').dblclick()
    await vi.waitFor(() => expect(studio.calls).toHaveLength(2))
    expect(studio.calls.map(({ name }) => name)).toEqual(['applyEdit', 'generate'])
    expect(studio.calls[0]?.args[0]).toContain('{"turn":"Warmer"}')
  })

  test('gets a drafted alternative text, which a person may rewrite', async () => {
    const id = 'src/pages/orchard.prompt.md'
    const { studio, page } = await open(`#/picture/${encodeURIComponent(id)}`)
    await button(page, 'Draft it ($0.001)').click()
    const field = page.getByRole('textbox', { name: 'Alternative text' })
    expect(await field.inputValue()).toBe('A drafted sentence')
    await field.fill('A better sentence')
    await button(page, 'Review').click()
    await button(dialogOf(page), 'Write').click()
    await vi.waitFor(() => expect(studio.calls).toHaveLength(2))
    expect(studio.calls[1]?.args).toEqual([tokenOf(id, { settings: { alt: 'A better sentence' } })])
  })

  test('gets a focus point by a click', async () => {
    const { studio, page } = await openFirst()
    await button(page, 'Focus point').click()
    const box = await page.locator('.zoom-picture').boundingBox()
    await page.mouse.click(
      (box?.x ?? 0) + (box?.width ?? 0) / 4,
      (box?.y ?? 0) + (box?.height ?? 0) / 2,
    )
    expect(await page.getByLabel('From the left, in percent').inputValue()).toBe('25')
    await button(page, 'Review').click()
    await button(dialogOf(page), 'Write').click()
    await vi.waitFor(() => expect(studio.calls).toHaveLength(1))
    const id = 'src/pages/lighthouse.prompt.md'
    expect(studio.calls[0]?.args).toEqual([tokenOf(id, { settings: { focus: '25% 50%' } })])
  })

  test('is deleted once a person has said so twice', async () => {
    const { studio, page } = await openFirst()
    await button(page, 'Delete…').click()
    await dialogOf(page).getByText('2 files still ask for it').waitFor()
    expect(studio.calls).toEqual([])
    await button(dialogOf(page), 'Delete src/pages/lighthouse.prompt.md').click()
    await page.locator('.card').first().waitFor()
    await vi.waitFor(async () => expect(await shownNames(page)).not.toContain('lighthouse'))
  })

  test('leads to its references, and stays found where its declaration has moved', async () => {
    const { studio, page } = await openFirst()
    await page.getByRole('link', { name: 'src/pages/orchard.prompt.md' }).click()
    await page.getByRole('heading', { level: 1, name: 'orchard' }).waitFor()
    await studio.update('src/pages/orchard.prompt.md', { id: 'src/pages/index.astro#b2c4' })
    await vi.waitFor(() => expect(page.url()).toContain(encodeURIComponent('index.astro#b2c4')))
  })

  test('takes a file that is dropped on it, and one that is chosen', async () => {
    const { studio, page } = await openFirst()
    await page.locator('.zoom-picture').waitFor()
    await drop(page, page.getByRole('main'), 'dropped.png', 'dropped')
    await button(dialogOf(page), 'Cancel').click()
    const file = { name: 'chosen.png', mimeType: 'image/png', buffer: Buffer.from('chosen') }
    await page.locator('input[type=file]').setInputFiles(file)
    await button(dialogOf(page), 'Adopt this file').click()
    await page.getByRole('status').getByText('lighthouse was adopted.').waitFor()
    const data = Buffer.from('chosen').toString('base64')
    expect(studio.calls.map(({ args }) => args[1])).toEqual([{ name: 'chosen.png', data }])
  })

  test('shows a draft that the command has written, to be used or not', async () => {
    const project = someProject()
    const id = 'src/pages/orchard.prompt.md'
    project.details.set(id, { settings: { altDraft: 'An orchard in print' } })
    const { studio, page } = await open(`#/picture/${encodeURIComponent(id)}`, project)
    await button(page, 'Use the draft').click()
    await button(page, 'Review').click()
    await button(dialogOf(page), 'Write').click()
    await vi.waitFor(() => expect(studio.calls).toHaveLength(1))
    const settings = { alt: 'An orchard in print', altDraft: null }
    expect(studio.calls[0]?.args).toEqual([tokenOf(id, { settings })])
  })

  test('says what went wrong, in as many lines as it has', async () => {
    const { studio, page } = await openFirst()
    studio.override.generate = () => Promise.reject(new Error('The budget is used up.\nRaise it.'))
    await button(page, 'Generate again ($0.04)').click()
    const alert = page.getByRole('alert').locator('p')
    expect(await alert.innerText()).toBe('The budget is used up.\nRaise it.')
    await button(page, 'Dismiss this message').click()
    await alert.waitFor({ state: 'detached' })
  })
})

describe.skipIf(skipBrowser)('the connection', () => {
  test('takes the token of the printed link, and keeps it out of the address', async () => {
    const studio = await startMockStudio(someProject(), { isOpen: false })
    onTestFinished(studio.close)
    const stranger = await openPage(studio.url)
    await stranger.getByText('Open the link that the dev server printed in the terminal.').waitFor()
    const page = await openPage(`${studio.url}#token=${TOKEN}`)
    await page.locator('.card .is-loaded').first().waitFor()
    expect(page.url()).toBe(`${studio.url}#/`)
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain(TOKEN)
  })

  test('is made again when the server is back', async () => {
    const port = await freePort()
    const studio = await startMockStudio(someProject(), { port })
    const page = await openPage(studio.url)
    await page.locator('.card').first().waitFor()
    await studio.close()
    await page.getByText('The dev server does not answer.').waitFor()
    expect(await page.locator('.card').count()).toBeGreaterThan(0)
    const other = await startMockStudio(mockProject(['refused']), { port })
    onTestFinished(other.close)
    await vi.waitFor(async () => expect(await shownNames(page)).toEqual(['lighthouse']), 10_000)
    expect(await page.getByText('The dev server does not answer.').count()).toBe(0)
  })
})

describe.skipIf(skipBrowser)('every screen', () => {
  const picture = `#/picture/${encodeURIComponent('src/pages/lighthouse.prompt.md')}`
  const refused = `#/picture/${encodeURIComponent('src/pages/dune.prompt.md')}`
  const screens: Readonly<
    Record<string, readonly [hash: string, act?: (page: Page) => Promise<void>]>
  > = {
    'gallery, light': ['#/'],
    'gallery, dark': ['#/'],
    confirm: ['#/', (page) => button(page, /^Generate 2 missing/).click()],
    adopt: ['#/', (page) => drop(page, page.locator('.card').first(), 'mine.png', 'the bytes')],
    nothing: ['#/?q=zebra'],
    'picture, dark': [picture],
    'picture, light': [picture],
    side: [`${picture}?view=side`],
    'compare, light': [`${picture}?view=compare`],
    'compare, dark': [`${picture}?view=compare`],
    refused: [refused],
    edit: [picture, (page) => button(page, 'Edit').click()],
    review: [
      picture,
      async (page) => {
        await page.getByLabel('Say what to change').fill('Warmer')
        await button(page, /^Review the change/).click()
        await page.locator('.diff').waitFor()
      },
    ],
    focus: [picture, (page) => button(page, 'Focus point').click()],
    delete: [picture, (page) => button(page, 'Delete…').click()],
    keys: ['#/', (page) => page.keyboard.press('?')],
  }

  test('passes axe in light and dark, and does not scroll sideways', async () => {
    const { studio, page } = await open()
    for (const [index, [name, [hash, act]]] of Object.entries(screens).entries()) {
      const [width, colorScheme] =
        index % 2 === 0 ? ([1440, 'light'] as const) : ([390, 'dark'] as const)
      await page.goto('about:blank')
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.goto(`${studio.url}${hash}`)
      await page.locator('.details, .card, .message h2').first().waitFor()
      await act?.(page)
      await page.addScriptTag({ path: AXE })
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
      expect([name, await violations(page), wide]).toEqual([name, [], width])
    }
  })
})

/** What axe objects to, with the elements. */
function violations(page: Page): Promise<string[]> {
  return page.evaluate(`axe.run({ resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html, any }) =>
      id + ': ' + html.slice(0, 160) + ' ' + (any[0]?.message ?? ''))))`)
}

/** Drops a file, as a person does from a folder. */
async function drop(page: Page, onto: Locator, name: string, text: string): Promise<void> {
  await onto.waitFor()
  const dataTransfer = await page.evaluateHandle(
    ([name, text]) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([text ?? ''], name ?? '', { type: 'image/png' }))
      return transfer
    },
    [name, text],
  )
  for (const event of ['dragenter', 'dragover', 'drop']) {
    await onto.dispatchEvent(event, { dataTransfer })
  }
}
