import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { runJson, type Json } from './stage.ts'

/** A prompt file, and the rules that speak of it, each with its line and column. */
type Case = readonly [text: string, ...advice: readonly string[]]

const image = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: 'teal' } })
    .jpeg()
    .toBuffer()

/** A site whose prompt files nobody asks for; three photographs lie beside them. */
async function siteOf(texts: readonly string[]): Promise<Site> {
  const site = await createSite(
    Object.fromEntries(texts.map((text, index) => [`p${index}.prompt.md`, text])),
  )
  await site.write('wide.jpg', await image(600, 400))
  await site.write('square.jpg', await image(400, 404))
  const turned = sharp(await image(600, 400)).withMetadata({ orientation: 6 })
  await site.write('turned.jpg', await turned.toBuffer())
  return site
}

/** The cases with the advice that was given. */
async function linted(cases: readonly Case[], ...args: readonly string[]): Promise<Case[]> {
  const site = await siteOf(cases.map(([text]) => text))
  const { code, report } = await runJson(site, ['lint', ...args])
  expect({ code, read: report.read }).toEqual({ code: 0, read: cases.length })
  return cases.map(([text], index) => [
    text,
    ...report.advice
      .filter(({ file }: Json) => file === `p${index}.prompt.md`)
      .map(({ id, line, column }: Json) => `${id} ${line}:${column}`),
  ])
}

describe('each rule', () => {
  test('about wording, at its place', async () => {
    const cases: Case[] = [
      ['red panda, kawaii, sticker, bold outlines, bamboo', 'keywords 1:1'],
      ['---\nalt: A\n---\n\nstreet; night; rain; neon light', 'keywords 5:1'],
      ['A red panda, a heron, a fox and a hare share a picnic on a mossy log, at dawn.'],
      ['A street at night.\nThere are no cars in it.', 'negatives 2:11'],
      ['A quiet square without people', 'negatives 1:16'],
      ['Do not show any cars. Avoid reds.', 'negatives 1:1', 'negatives 1:23'],
      // The guide writes these itself.
      ['An empty, deserted street with no signs of traffic'],
      ['An icon of a dog, on white. No text. No other words.'],
      ['A cup without a handle, a sign that says "No cars"'],
      ['---\nturns: [Now with no hat]\n---\nA gull in a hat'],
      ['Ένα νυχτερινό τρένο διασχίζει μια γέφυρα', 'language 1:1'],
      ['Een rode fiets naast het kanaal, voor een oud huis', 'language 1:1'],
      ['Ein Nachtzug fährt in der Dämmerung über eine Brücke aus Stein'],
      ['黄昏の石橋を渡る夜行列車'],
      ['A café sign with the words "ΚΑΦΕΝΕΙΟ ΤΟ ΛΙΜΑΝΙ"'],
    ]
    expect(await linted(cases)).toEqual(cases)
  })

  test('about words that a setting contradicts', async () => {
    const cases: Case[] = [
      ['A beautiful 3:2 wallpaper of a quetzal', 'ratio-words 1:13'],
      ['---\naspectRatio: 3:2\n---\nA beautiful 3:2 wallpaper of a quetzal'],
      ['A station clock that shows 4:45 pm, or 10:30'],
      ['A vertical portrait of a gull', 'ratio-words 1:3'],
      ['---\naspectRatio: 3:4\n---\nA vertical portrait of a gull'],
      ['---\naspectRatio: 16:9\n---\nA maple leaf. Square image.', 'ratio-words 4:15'],
      [
        '---\nturns:\n  - As a 21:9 banner\n  - { prompt: As a 4:1 banner, aspectRatio: 4:1 }\n---\nA gull',
        'ratio-words 3:5',
      ],
      [
        '---\ntemplate: sticker\nslots:\n  subject: a fox\n  background: a transparent background\n---\n',
        'transparency 5:15',
      ],
      ['---\ntransparent: true\n---\nA fox on a transparent background'],
      ['---\ntemplate: text-in-image\nslots: { kind: a sign, text: no 3:2 cars }\n---\n'],
      ['Three versions of a logo', 'several-pictures 1:1'],
      ['---\noutput: text-and-image\n---\nA recipe with four pictures'],
    ]
    expect(await linted(cases)).toEqual(cases)
  })

  test('about references and what is looked up', async () => {
    const cases: Case[] = [
      ['---\nreferences: [./wide.jpg]\n---\nA hat for the gull', 'reference-shape 2:14'],
      ['---\nreferences: [./wide.jpg]\naspectRatio: 1:1\n---\nA hat for the gull'],
      ['---\nreferences: [./wide.jpg]\naspectRatio: auto\n---\nA hat for the gull'],
      ['---\nturns: [{ prompt: In this room, references: [./wide.jpg] }]\n---\nA gull'],
      ['---\nreferences: [./square.jpg]\n---\nA hat for the gull'],
      ['---\nreferences: [{ image: ./wide.jpg, as: style }]\n---\nA gull'],
      ['---\nreferences: [./wide.jpg, ./wide.jpg]\n---\nA gull'],
      [
        `---\nreferences: [${Array.from({ length: 5 }, () => '{ image: ./wide.jpg, as: character }').join(', ')}]\n---\nA party`,
        'likeness 2:166',
      ],
      ['---\naspectRatio: 16:9\n---\nA harbour'],
      ['---\nreferences: [./p8.prompt.md]\n---\nNow at night', 'reference-shape 2:14'],
      [
        '---\ngrounding: { web: true }\n---\nThe president at a desk. Portrait of Ada Lovelace.',
        'people 4:5',
        'people 4:26',
      ],
      ['The president at a desk. Portrait of Ada Lovelace.'],
      [
        '---\nturns:\n  - Now at dusk\n  - { prompt: Add the president, grounding: { web: true } }\n---\nA square',
        'people 4:15',
      ],
    ]
    expect(await linted(cases)).toEqual(cases)
  })
})

test('a photograph has the shape in which it is shown, however the camera was held', async () => {
  const site = await siteOf(['---\nreferences: [./turned.jpg]\n---\nA hat for the gull'])
  const { report } = await runJson(site, ['lint'])
  expect(report.advice[0].what).toContain('400 × 600')
  expect(report.advice[0].fix).toContain('aspectRatio: auto')
})

test('a rule is left out by its name, and a name that there is not is an error', async () => {
  const words = 'A vertical portrait with no cars'
  const ratio: Case = [words, 'ratio-words 1:3']
  expect(await linted([[words]], '--ignore', 'negatives')).toEqual([ratio])
  expect(await linted([[words]], '--ignore', 'negatives', '--ignore', 'ratio-words')).toEqual([
    [words],
  ])
  const site = await siteOf([words])
  const { code, report } = await runJson(site, ['lint', '--ignore', 'negative'])
  expect(code).toBe(1)
  expect(report.error).toMatchObject({ code: 'INVALID_ARGUMENT' })
  expect(report.error.message).toContain('Did you mean "negatives"?')
})

test('people read what, why and what to do; --strict alone fails; nothing is sent', async () => {
  const gemini = await startGemini()
  const site = await siteOf(['A street with no cars', 'A fox'])
  const { code, stdout } = await runCommand(site.root, ['lint'], keyed(gemini))
  expect(code).toBe(0)
  expect(stdout).toContain('p0.prompt.md:1:15  negatives\n  The prompt names what is not')
  expect(stdout).toContain('What to do: say what is to be seen in its place')
  expect(stdout).toContain('2 prompts read, 1 piece of advice.')
  expect((await runCommand(site.root, ['lint', '--strict'], keyed(gemini))).code).toBe(1)
  expect((await runCommand(site.root, ['lint', '--strict', 'p1'], keyed(gemini))).code).toBe(0)
  expect(gemini.requests).toEqual([])
  expect(await site.list('')).not.toContain('gemini-image.lock')
})

test('what is declared in source code has its place there; what cannot be read is counted', async () => {
  const site = await createSite({
    'src/page.ts': `import { geminiImage } from 'unplugin-gemini-image/macro'\nexport const a = geminiImage({\n  prompt: 'A street with no cars',\n  alt: 'A',\n})\n`,
    'broken.prompt.md': '---\nsize: 9K\n---\nA fox',
  })
  const { report } = await runJson(site, ['lint'])
  expect(report.advice).toMatchObject([{ id: 'negatives', file: 'src/page.ts', line: 3 }])
  expect((await runCommand(site.root, ['lint'])).stdout).toContain('1 problem elsewhere')
})
