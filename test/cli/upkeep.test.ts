import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { pinHalf } from '../support/half-picture.ts'
import { startCli } from '../support/process.ts'
import { pageOf, promptFile } from '../support/site.ts'
import { drawn, entryOf, pinned, plain, runJson, siteOf } from './stage.ts'

describe('verify', () => {
  test('all is whole, two pictures of one object included', async () => {
    const gemini = await startGemini()
    const site = await drawn(await siteOf(plain('one', 'two')), gemini)
    expect(await runJson(site, ['verify'])).toMatchObject({
      code: 0,
      report: { sound: 2, lost: [], corrupt: [] },
    })
    const lock = await site.read('gemini-image.lock')
    const line = lock.split('\n').find((one) => one.includes('src/one.prompt.md')) ?? ''
    const twin = line.replace(/[0-9a-f]{64}/, 'a'.repeat(64))
    await site.write('gemini-image.lock', `${lock}${twin}\n`)
    expect((await runJson(site, ['verify'])).report.sound).toBe(3)
    const { file } = await entryOf(site, 'src/two.prompt.md')
    await site.write(`.gemini-image/${JSON.parse(line.slice(68)).file}`, 'other bytes')
    await site.remove(`.gemini-image/${file}`)
    const { code, report } = await runJson(site, ['verify'])
    expect(code).toBe(1)
    expect(report).toMatchObject({
      sound: 0,
      lost: [{ file, from: 'src/two.prompt.md' }],
      corrupt: [{ code: 'CORRUPT_OBJECT' }],
    })
    expect(report.corrupt).toHaveLength(1)
    expect(report.lost[0].fingerprint).toMatch(/^[0-9a-f]{64}$/)
  })

  test('what is lost ends it with 2 and says how it comes back', async () => {
    const gemini = await startGemini()
    const site = await drawn(await siteOf(plain('one')), gemini)
    await site.remove('.gemini-image')
    const { code, stdout } = await runCommand(site.root, ['verify'])
    expect(code).toBe(2)
    expect(stdout).toContain('of src/one.prompt.md')
    expect(stdout).toContain('Restore')
  })

  test('a picture that came in part, and was pinned by an older version, is found', async () => {
    const gemini = await startGemini()
    const site = await drawn(await siteOf(plain('one', 'two')), gemini)
    const half = await pinHalf(site, (await entryOf(site, 'src/one.prompt.md')).file)
    const { code, report } = await runJson(site, ['verify'])
    expect(code).toBe(1)
    expect(report).toMatchObject({ sound: 1, lost: [], corrupt: [{ code: 'CORRUPT_OBJECT' }] })
    const [{ message }] = report.corrupt
    expect(message).toContain(`${half} cannot be decoded`)
    // As it says: the half is deleted, and paid for anew.
    expect(message).toContain(`rm "${site.path('.gemini-image', half)}"`)
    await site.remove(`.gemini-image/${half}`)
    await drawn(site, gemini)
    expect(await runJson(site, ['verify'])).toMatchObject({ code: 0, report: { sound: 2 } })
    expect(gemini.requests).toHaveLength(3)
  })

  test('a byte that changed under the same size and time is found', async () => {
    const gemini = await startGemini()
    const site = await drawn(await siteOf(plain('one')), gemini)
    const { file, object } = await entryOf(site, 'src/one.prompt.md')
    const bytes = await site.bytes(`.gemini-image/${file}`)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(object)
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    await site.write(`.gemini-image/${file}`, bytes)
    expect((await runCommand(site.root, ['verify'])).code).toBe(1)
  })

  test.each([
    ['"width":1024', '"width":512'],
    ['"type":"image/jpeg"', '"type":"image/png"'],
  ])('an entry that says %s where it is %s is found', async (truth, lie) => {
    const gemini = await startGemini()
    const site = await drawn(await siteOf(plain('one')), gemini)
    const lock = await site.read('gemini-image.lock')
    expect(lock).toContain(truth)
    await site.write('gemini-image.lock', lock.replace(truth, lie))
    const { code, report } = await runJson(site, ['verify'])
    expect(code).toBe(1)
    expect(report).toMatchObject({ sound: 0, lost: [], corrupt: [{ code: 'CORRUPT_OBJECT' }] })
  })
})

describe('prune', () => {
  const url = 'https://example.org/a.png'
  const pin = `remotes:\n  ${JSON.stringify(url)}: ${JSON.stringify({ object: 'b'.repeat(64), type: 'image/png', size: 9 })}\n`

  async function littered() {
    const gemini = await startGemini()
    const site = await drawn(await siteOf({ ...plain('one', 'two') }), gemini)
    const { file } = await entryOf(site, 'src/two.prompt.md')
    await site.remove('src/two.prompt.md')
    await site.write('src/main.js', pageOf(['one'])['src/main.js'] ?? '')
    const lock = await site.read('gemini-image.lock')
    const [fingerprint = ''] =
      /[0-9a-f]{12}/.exec(lock.split('\n').find((line) => line.includes('one.prompt')) ?? '') ?? []
    await site.write('gemini-image.lock', lock + pin)
    const others = [
      'README.md',
      'photo.jpg',
      'x.0123456789ab.gif',
      'folder.0123456789ab.jpg/inside.txt',
      'thoughts/notes.md',
      'thoughts/one.0123456789ab',
      `thoughts/one.${fingerprint}/01.md`,
    ]
    for (const name of others) await site.write(`.gemini-image/${name}`, 'mine')
    await site.write('.gemini-image/stray.0123456789ab.png', 'x')
    await site.write('.gemini-image/thoughts/two.0123456789ac/01.md', 'x')
    return { site, file, gemini, others }
  }

  test('shows what nothing needs and changes nothing; with --yes it deletes that and no more', async () => {
    const { site, file, others } = await littered()
    const before = [await site.read('gemini-image.lock'), await site.list('.gemini-image', true)]
    const dry = await runJson(site, ['prune'])
    expect(dry).toMatchObject({
      code: 0,
      report: {
        deleted: false,
        entries: [{ file }],
        remotes: [url],
        files: ['stray.0123456789ab.png', file, 'thoughts/two.0123456789ac'].toSorted(
          (a, b) => Number(a.includes('/')) - Number(b.includes('/')) || (a < b ? -1 : 1),
        ),
      },
    })
    expect([await site.read('gemini-image.lock'), await site.list('.gemini-image', true)]).toEqual(
      before,
    )
    const done = await runJson(site, ['prune', '--yes'])
    expect(done.report).toEqual({ ...dry.report, deleted: true })
    const left = await site.list('.gemini-image', true)
    for (const name of others) expect(left).toContain(name)
    for (const name of dry.report.files) expect(left).not.toContain(name)
    expect([...(await pinned(site)).values()].map(({ from }) => from)).toEqual([
      'src/one.prompt.md',
    ])
    expect(await site.read('gemini-image.lock')).not.toContain(url)
    expect((await runJson(site, ['verify'])).code).toBe(0)
    expect((await runCommand(site.root, ['prune'])).stdout).toContain('Nothing to prune')
  })

  test('refuses while a declaration is broken, asked for or not', async () => {
    const { site } = await littered()
    await site.write('src/draft.prompt.md', '---\nsize: 9K\n---\nDraft')
    const { code, report } = await runJson(site, ['prune', '--yes'])
    expect(code).toBe(1)
    expect(report.error.code).toBe('UNSUPPORTED_SIZE')
    expect((await pinned(site)).size).toBe(2)
  })

  test('keeps the last picture of a declaration that is missing now', async () => {
    const { site, gemini } = await littered()
    await site.write('src/one.prompt.md', promptFile('one in rain'))
    const { report } = await runJson(site, ['prune', '--yes'])
    expect(report.entries.map(({ file }: { file: string }) => file)).toEqual([
      expect.stringMatching(/^two\./),
    ])
    expect(report.remotes).toEqual([])
    await drawn(site, gemini)
    const later = await runJson(site, ['prune', '--yes'])
    expect(later.report.entries.map(({ file }: { file: string }) => file)).toEqual([
      expect.stringMatching(/^one\./),
    ])
    expect(later.report.remotes).toEqual([url])
  })

  test('killed at any moment, it leaves no entry without its object', async () => {
    const gemini = await startGemini()
    const names = Array.from({ length: 30 }, (_, index) => `p${index}`)
    const site = await drawn(await siteOf(plain(...names)), gemini)
    const backup = await site.read('gemini-image.lock')
    const objects = await Promise.all(
      (await site.list('.gemini-image')).map(
        async (name) => [name, await site.bytes(`.gemini-image/${name}`)] as const,
      ),
    )
    for (const name of names.slice(5)) await site.remove(`src/${name}.prompt.md`)
    await site.write('src/main.js', pageOf(names.slice(0, 5))['src/main.js'] ?? '')
    for (let round = 0; round < 8; round += 1) {
      await site.write('gemini-image.lock', backup)
      for (const [name, bytes] of objects) await site.write(`.gemini-image/${name}`, bytes)
      const { child, ended } = startCli(site.root, ['prune', '--yes'])
      await sleep(150 + round * 25)
      child.kill('SIGKILL')
      await ended
      expect((await runJson(site, ['verify'])).report).toMatchObject({ lost: [], corrupt: [] })
    }
    await runCommand(site.root, ['prune', '--yes'])
    expect(await site.list('.gemini-image')).toHaveLength(5)
  })
})
