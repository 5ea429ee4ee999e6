import { expect, onTestFinished, test } from 'vitest'
import { runJson, siteOf } from '../cli/stage.ts'
import { startFakeS3 } from '../fake-s3/server.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { modalities, pinnedIn, poster, stage } from './stage.ts'

test('a batch asks for words, and the next one draws from them', async () => {
  const { gemini, site, run } = await stage()
  const submitted = await run('generate', '--batch', '--yes')
  expect(submitted.report).toMatchObject({
    jobs: [{ items: [{}] }],
    waiting: [{ why: expect.stringContaining('draws from a text that is not written yet') }],
  })
  expect(submitted.stderr).toContain('submitting 1 text, estimated')
  const collected = await run('batch', 'collect', '--wait')
  expect(collected).toMatchObject({ report: { landed: [{ entry: { model: expect.anything() } }] } })
  const { texts } = await pinnedIn(site)
  expect(texts).toMatchObject([{ text: expect.stringContaining('Fresh every morning') }])
  const live = texts[0]?.cost ?? 0
  expect(live).toBeGreaterThan(0)
  expect(collected.report.spent).toBeCloseTo(live, 6)
  expect((await run('generate', '--batch', '--yes')).report).toMatchObject({
    jobs: [{}],
    waiting: [],
  })
  expect((await run('batch', 'collect', '--wait')).code).toBe(0)
  expect(await pinnedIn(site)).toMatchObject({ texts, pictures: [{}] })
  expect(await run('plan')).toMatchObject({ code: 0, report: { pinned: 1 } })
  expect(modalities(gemini)).toEqual([])
})

test('another machine of the team takes over text and picture, and pays for nothing', async () => {
  const keys = { accessKeyId: 'AKIDTEST', secretAccessKey: 'a/secret+of=ours' }
  const server = await startFakeS3({ keys })
  onTestFinished(() => server.close())
  const config = `import { s3Store } from 'unplugin-gemini-image/config'
    export default { store: { shared: s3Store({ bucket: 'team', endpoint: '${server.url}', retryDelay: 10 }) } }`
  const more = { 'gemini-image.config.ts': config }
  const { gemini, site } = await stage(poster(), more)
  const env = {
    ...keyed(gemini),
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  }
  expect(await runJson(site, ['generate', '--yes'], env)).toMatchObject({ code: 0 })
  const colleague = await siteOf({ poster: poster() }, more)
  const taken = await runJson(colleague, ['generate', '--yes', '--budget', '0.001'], env)
  expect(taken).toMatchObject({ code: 0, report: { spent: 0 } })
  expect(await pinnedIn(colleague)).toEqual(await pinnedIn(site))
  expect(gemini.requests).toHaveLength(2)
  // Words are theirs even where the picture is to have another shape.
  await colleague.write('src/poster.prompt.md', poster({ aspectRatio: "'16:9'" }))
  await colleague.write('gemini-image.lock', '')
  expect(await runJson(colleague, ['generate', '--yes'], env)).toMatchObject({ code: 0 })
  expect(modalities(gemini)).toEqual(['TEXT', 'IMAGE', 'IMAGE'])
})

test('another project of the workspace takes over text and picture of a package that both show', async () => {
  const app = (name: string): Record<string, string> => ({
    [`apps/${name}/package.json`]: JSON.stringify({
      name,
      dependencies: { shared: 'workspace:*' },
    }),
    [`apps/${name}/src/main.js`]:
      "import '../../../packages/shared/poster.prompt.md?gemini-image'\n",
  })
  const gemini = await startGemini()
  const site = await createSite({
    '.git/HEAD': 'ref: refs/heads/main\n',
    'pnpm-workspace.yaml': 'packages: [apps/*, packages/*]\n',
    'packages/shared/package.json': '{ "name": "shared" }',
    'packages/shared/poster.prompt.md': poster(),
    ...app('one'),
    ...app('two'),
  })
  for (const name of ['one', 'two']) {
    const root = site.path('apps', name)
    const done = await runJson({ root }, ['generate', '--yes'], keyed(gemini))
    expect(done).toMatchObject({ code: 0 })
    const read = (file: string): Promise<string> => site.read(`apps/${name}/${file}`)
    expect(await pinnedIn({ read })).toMatchObject({ texts: [{}], pictures: [{}] })
  }
  expect(modalities(gemini)).toEqual(['TEXT', 'IMAGE'])
})
