import { describe, expect, test } from 'vitest'
import type { Answered, FakeGemini } from '../fake-gemini/server.ts'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { describeImage } from '../support/images.ts'
import { promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { runJson, siteOf } from './stage.ts'

/** Answers whose pictures are thoughts, by the API that gives them. */
const THOUGHT: Readonly<Record<string, (answer: Answered) => void>> = {
  'generate-content': ({ candidates: [{ content }] }) => {
    for (const part of content.parts) part.thought = true
  },
  interactions: ({ steps }) => {
    for (const step of steps) {
      if (step.type !== 'model_output') continue
      Object.assign(step, { type: 'thought', summary: step.content, content: undefined })
    }
  },
}

const DRAFTS = 'node_modules/.cache/gemini-image/drafts'

async function drafted(
  transport: string,
  text: string = promptFile('A fox'),
): Promise<{ site: Site; gemini: FakeGemini; env: Record<string, string>; said: string }> {
  const gemini = await startGemini()
  gemini.fault({ kind: 'odd', change: THOUGHT[transport] ?? (() => undefined) })
  const site = await siteOf({ fox: text })
  await site.write('gemini-image.config.mjs', `export default { transport: '${transport}' }\n`)
  const env = keyed(gemini)
  const first = await runCommand(site.root, ['generate', '--yes'], env)
  expect(first.code).toBe(1)
  return { site, gemini, env, said: first.output }
}

describe.for(Object.keys(THOUGHT))('with %s', (transport) => {
  test('a picture that comes as a thought alone is kept, and pinned once a person takes it', async () => {
    const { site, gemini, env, said } = await drafted(transport)
    expect(said).toMatch(
      /NO_IMAGE at src\/fox\.prompt\.md[^]*The draft is kept in \S*-01\.jpg[^]*npx gemini-image pick "src\/fox\.prompt\.md" --draft 1/,
    )
    const draft = (await site.list(DRAFTS)).find((name) => name.endsWith('.jpg'))
    const bytes = await site.bytes(`${DRAFTS}/${draft}`)
    expect(await describeImage(bytes)).toBe('jpeg 1024x1024')
    expect(await site.list('.gemini-image')).toEqual([])
    // Nothing that runs by itself takes it for the picture, or pays for another.
    const again = await runCommand(site.root, ['generate', '--yes'], env)
    expect(again.output).toContain('pick "src/fox.prompt.md" --draft 1')
    expect(gemini.requests).toHaveLength(1)
    expect((await runCommand(site.root, ['pick', 'fox', '--draft', '2'], env)).code).toBe(1)
    expect((await runCommand(site.root, ['explain', 'fox'], env)).stdout).toMatch(
      /1 +node_modules\S+-01\.jpg\n\nTo take one, [^\n]*pick fox --draft <number>/,
    )

    const picked = await runJson(site, ['pick', 'fox', '--draft', '1'], env)
    expect(picked).toMatchObject({ code: 0, report: { picture: 'src/fox.prompt.md' } })
    expect(picked.report.pinned.cost).toBeGreaterThan(0)
    expect(
      await describeImage(await site.bytes(`.gemini-image/${picked.report.pinned.file}`)),
    ).toBe('jpeg 1024x1024')
    expect(await runJson(site, ['plan'], env)).toMatchObject({ code: 0, report: { pinned: 1 } })
    expect(await site.list(DRAFTS)).toEqual([])
    expect(gemini.requests).toHaveLength(1)
  })
})

test('turns go on from a draft that was taken', async () => {
  const { site, gemini, env } = await drafted(
    'generate-content',
    promptFile('A fox', { turns: '[At night.]' }),
  )
  expect((await runCommand(site.root, ['pick', 'fox', '--draft', '1'], env)).code).toBe(0)
  expect((await runCommand(site.root, ['generate', '--yes'], env)).code).toBe(0)
  expect(gemini.requests).toHaveLength(2)
  expect(JSON.stringify(gemini.requests[1]?.body)).toContain('inlineData')
})

test('a picture that comes after all takes the place of a draft', async () => {
  const { site, gemini, env } = await drafted('generate-content')
  expect((await runCommand(site.root, ['generate', '--retry', '--yes'], env)).code).toBe(0)
  expect(gemini.requests).toHaveLength(2)
  expect(await site.list(DRAFTS)).toEqual([])
})

test('what was blocked is not kept as a draft', async () => {
  const gemini = await startGemini()
  const change = (answer: Answered): void => {
    THOUGHT['generate-content']?.(answer)
    answer.candidates[0].finishReason = 'IMAGE_SAFETY'
  }
  gemini.fault({ kind: 'odd', change })
  const site = await siteOf({ fox: promptFile('A fox') })
  const { output } = await runCommand(site.root, ['generate', '--yes'], keyed(gemini))
  expect(output).toContain('BLOCKED at')
  expect(output).not.toContain('--draft')
  expect(await site.list(DRAFTS).catch(() => [])).toEqual([])
})
