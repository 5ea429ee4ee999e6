import { describe, expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { promptFile, type Site } from '../support/site.ts'
import { buildSite, keyed } from '../support/vite.ts'
import { pinnedIn, poster, stage } from '../words/stage.ts'
import { drawn, pinned, plain, runJson, siteOf, type Json } from './stage.ts'

const HERO = 'src/hero.prompt.md'

/** What a picture is and was, as `explain` tells it. */
async function historyOf(site: Site, name = 'hero'): Promise<Json> {
  return (await runJson(site, ['explain', name])).report.history
}

/** What is shown of each: its number and its prompt. */
function outline(history: Json): string[] {
  return history.map(({ number, prompt }: Json) => `${number} ${prompt}`)
}

/** A picture whose prompt was edited twice, and drawn each time. */
async function edited() {
  const gemini = await startGemini()
  const site = await drawn(await siteOf({ ...plain('other'), hero: promptFile('A fox') }), gemini)
  for (const prompt of ['A red fox', 'A red fox at night']) {
    await site.write(HERO, promptFile(prompt))
    await drawn(site, gemini)
  }
  return { gemini, site }
}

test('what earlier prompts were paid for is listed, and one goes back to it for nothing', async () => {
  const { gemini, site } = await edited()
  const before = await historyOf(site)
  expect(outline(before)).toEqual(['0 A red fox at night', '1 A red fox', '2 A fox'])
  expect(before.map(({ isStored }: Json) => isStored)).toEqual([true, true, true])
  const paid = gemini.requests.length
  const back = await runCommand(site.root, ['pick', 'hero', '--former', '2'])
  expect(back.code).toBe(0)
  expect(back.stdout).toContain('it counts as adopted')
  const after = await historyOf(site)
  const [first] = before.slice(-1)
  expect(after.find(({ isCurrent }: Json) => isCurrent)).toMatchObject({
    object: first.object,
    model: first.model,
    created: first.created,
    prompt: 'A fox',
    digitalSourceType: 'trainedAlgorithmicMedia',
  })
  expect(after).toHaveLength(3)
  // The price stays where it was paid.
  const sum = (await runJson(site, ['status'])).report.pinned.cost
  const costs = [...(await pinned(site)).values()].flatMap(({ cost, former = [] }) => [
    cost,
    ...former.map((one) => one.cost),
  ])
  expect(costs.filter((cost) => cost > 0)).toHaveLength(paid)
  expect(sum).toBeCloseTo(costs.reduce((all, one) => all + one, 0))
  await buildSite(site, { env: { CI: 'true' } })
  expect((await site.list('dist/assets')).join()).toContain(first.object.slice(0, 12))
  expect(gemini.requests).toHaveLength(paid)
})

test('the way back from there is told, and the old prompt has its own picture still', async () => {
  const { gemini, site } = await edited()
  const [now, , first] = await historyOf(site)
  await runCommand(site.root, ['pick', 'hero', '--former', first.object.slice(0, 10)])
  await runCommand(site.root, ['pick', 'hero', '--former', now.object])
  expect((await historyOf(site)).find(({ isCurrent }: Json) => isCurrent).object).toBe(now.object)
  await site.write(HERO, promptFile('A fox'))
  const { report } = await runJson(site, ['plan'])
  expect(report).toMatchObject({ missing: 0, pinned: 2 })
  expect(report.rows[1]).not.toHaveProperty('adopted')
  expect(gemini.requests).toHaveLength(4)
})

test('a turn that is new leaves the picture before it in the history; variants are no history', async () => {
  const gemini = await startGemini()
  const site = await drawn(await siteOf({ hero: promptFile('A fox', { variants: '2' }) }), gemini)
  expect(await historyOf(site)).toHaveLength(1)
  const turned = promptFile('A fox', { variants: '2', pick: '1', turns: '["Make it warmer"]' })
  await site.write(HERO, turned)
  await drawn(site, gemini)
  expect(outline(await historyOf(site))).toEqual(['0 A fox\n\nMake it warmer', '1 A fox'])
})

test('pictures of a set have a history each', async () => {
  const gemini = await startGemini()
  const set = (prompt: string): string =>
    `---\nalt: A poster\neach:\n  word: [Hola, Ciao]\n---\n\n${prompt} {{word}}\n`
  const site = await siteOf({ poster: set('A poster that says') })
  const importing = ['Hola', 'Ciao'].map(
    (word) => `import './poster.prompt.md?each=${word}&gemini-image'\n`,
  )
  await site.write('src/main.js', importing.join(''))
  const names = (await runJson(site, ['plan'])).report.rows.map(({ name }: Json) => name)
  expect(names).toHaveLength(2)
  await drawn(site, gemini)
  await site.write('src/poster.prompt.md', set('A bright poster that says'))
  await drawn(site, gemini)
  for (const [index, word] of ['Hola', 'Ciao'].entries()) {
    expect(outline(await historyOf(site, names[index]))).toEqual([
      `0 A bright poster that says ${word}`,
      `1 A poster that says ${word}`,
    ])
  }
})

test('inline, the words of a prompt tell what it was', async () => {
  const gemini = await startGemini()
  const macro = (prompt: string): string =>
    `import { geminiImage } from 'unplugin-gemini-image/macro'\nconst a = geminiImage({ prompt: '${prompt}', alt: '' })\nconst b = geminiImage({ prompt: 'A tall lighthouse', alt: '' })\nconsole.log(a, b)\n`
  const site = await siteOf({}, { 'src/main.js': macro('A small red fox in the snow') })
  await drawn(site, gemini)
  await site.write('src/main.js', macro('A small red fox in the deep snow'))
  await drawn(site, gemini)
  const { rows } = (await runJson(site, ['plan'])).report
  expect(rows).toHaveLength(3)
  const history = await historyOf(site, 'src/main.js:2')
  expect(outline(history)).toEqual([
    '0 A small red fox in the deep snow',
    '1 A small red fox in the snow',
  ])
})

test('a text comes back with the picture that was drawn from it', async () => {
  const { site, run } = await stage(poster())
  await run('generate', '--yes')
  const first = await pinnedIn(site)
  // A second later, so that times tell which came first.
  const lock = await site.read('gemini-image.lock')
  await site.write('gemini-image.lock', lock.replaceAll(/"created":"\d{4}/g, '"created":"2025'))
  await run('generate', 'poster', '--again', '--yes')
  const second = await pinnedIn(site)
  expect(second.texts[0]?.text).not.toBe(first.texts[0]?.text)
  expect((await run('pick', 'poster', '--former', '1')).code).toBe(0)
  const back = await pinnedIn(site)
  expect(back.pictures[0]?.object).toBe(first.pictures[0]?.object)
  expect(back.texts[0]?.text).toBe(first.texts[0]?.text)
  await run('pick', 'poster', '--former', '1')
  expect((await pinnedIn(site)).texts[0]?.text).toBe(second.texts[0]?.text)
})

test('what is not there is told, and changes nothing', async () => {
  const { site } = await edited()
  const lock = await site.read('gemini-image.lock')
  for (const which of ['3', 'ffffffff']) {
    const { code, report } = await runJson(site, ['pick', 'hero', '--former', which])
    expect([code, report.error.code]).toEqual([1, 'INVALID_ARGUMENT'])
    expect(report.error.message).toContain('from 1, the newest, to 2')
  }
  await runCommand(site.root, ['prune', '--yes'])
  expect(lock).not.toBe(await site.read('gemini-image.lock'))
  expect(outline(await historyOf(site))).toEqual(['0 A red fox at night'])
})

test('today’s lockfiles, and those of two branches of which one adopts, read on', async () => {
  const { gemini, site } = await edited()
  await runJson(site, ['generate', 'hero', '--again', '--yes'], keyed(gemini))
  const theirs = await site.read('gemini-image.lock')
  await runCommand(site.root, ['pick', 'hero', '--former', '1'])
  const mine = await site.read('gemini-image.lock')
  const shown = async (...sides: string[]): Promise<Json> => {
    await site.write(
      'gemini-image.lock',
      [...new Set(sides.flatMap((one) => one.split('\n')))].join('\n'),
    )
    return (await historyOf(site)).map(({ object }: Json) => object)
  }
  const picked = (await historyOf(site)).find(({ isCurrent }: Json) => isCurrent)
  expect(await shown(mine, theirs)).toEqual(await shown(theirs, mine))
  expect(await shown(mine, theirs)).toHaveLength(4)
  const now = (await historyOf(site)).find(({ isCurrent }: Json) => isCurrent)
  expect(now.object).toBe(picked.object)
})

describe('prune by name and age', () => {
  /** The names of files that a prune would delete, or has. */
  const filesOf = async (site: Site, ...args: string[]): Promise<string[]> =>
    (await runJson(site, ['prune', ...args])).report.files

  /** Two pictures with two earlier ones each, one from long ago and one from now; and one that nothing declares. */
  async function aged() {
    const gemini = await startGemini()
    const site = await drawn(await siteOf({ ...plain('fox', 'owl', 'gone') }), gemini)
    const lock = await site.read('gemini-image.lock')
    await site.write('gemini-image.lock', lock.replaceAll(/"created":"\d{4}/g, '"created":"2020'))
    for (const name of ['fox', 'owl']) {
      await site.write(`src/${name}.prompt.md`, promptFile(`A bright ${name}`))
    }
    await drawn(site, gemini)
    const again = ['generate', 'fox', 'owl', '--again', '--yes']
    expect((await runJson(site, again, keyed(gemini))).code).toBe(0)
    await site.remove('src/gone.prompt.md')
    await site.write(
      'src/main.js',
      "import './fox.prompt.md?gemini-image'\nimport './owl.prompt.md?gemini-image'\n",
    )
    const namesIn = (history: Json): string[] =>
      history.map(({ file }: Json) => file.split('/').at(-1))
    const fox = namesIn(await historyOf(site, 'fox'))
    const owl = namesIn(await historyOf(site, 'owl'))
    const files = { fox, owl }
    return {
      site,
      files,
      stray: (await filesOf(site)).find((file) => file.startsWith('gone.')) ?? '',
    }
  }

  test('of one picture, of all, or of what is old: and what is shown stays', async () => {
    const { site, files, stray } = await aged()
    const {
      fox: [shown, ...fox],
      owl: [, ...owl],
    } = files
    expect(await filesOf(site, 'fox')).toEqual(fox.toSorted())
    expect(await filesOf(site, '--history')).toEqual([...fox, ...owl].toSorted())
    expect(await filesOf(site, '--older-than', '30d')).toEqual([fox[1], stray, owl[1]].toSorted())
    expect(await filesOf(site, 'fox', '--older-than', '2w')).toEqual([fox[1]])
    const said = await runCommand(site.root, ['prune', 'fox', '--older-than', '2w'])
    expect(said.stdout).toMatch(/^\d+\.\d MB to free\.$/m)
    expect(said.stdout).toContain('npx gemini-image prune fox --older-than 14d --yes')
    expect(await filesOf(site, 'fox', '--older-than', '2w', '--yes')).toEqual([fox[1]])
    expect(await site.list('.gemini-image')).toEqual(
      [shown, fox[0], ...files.owl, stray].toSorted(),
    )
    expect(outline(await historyOf(site, 'fox'))).toEqual(['0 A bright fox', '1 A bright fox'])
    expect((await runJson(site, ['prune', '--history', '--yes'])).code).toBe(0)
    expect(await site.list('.gemini-image')).toEqual([shown, files.owl[0], stray].toSorted())
    expect(await runJson(site, ['verify'])).toMatchObject({ code: 0, report: { lost: [] } })
    expect((await runCommand(site.root, ['prune', 'fox'])).stdout).toContain(
      'Nothing to prune of these.',
    )
    await buildSite(site, { env: { CI: 'true' } })
  })

  test('a name that nothing has, and an age that is none, are told', async () => {
    const { site, files } = await aged()
    expect((await runJson(site, ['prune', 'wolf', '--yes'])).report.error.code).toBe(
      'UNKNOWN_PICTURE',
    )
    const { code, output } = await runCommand(site.root, [
      'prune',
      '--older-than',
      'a month',
      '--yes',
    ])
    expect(code).toBe(1)
    expect(output).toContain('Write an age such as 12h, 30d or 2w.')
    expect(await site.list('.gemini-image')).toHaveLength([...files.fox, ...files.owl].length + 1)
  })
})
