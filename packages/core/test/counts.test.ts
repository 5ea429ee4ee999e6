import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect, onTestFinished, test } from 'vitest'
import { resolveOptions } from '../src/options/resolve-options.ts'
import { generate } from '../src/project/generate.ts'
import { plan } from '../src/project/plan.ts'
import { openProject, type Project } from '../src/project/project.ts'
import { painter, project } from './support/project.ts'

/** Counts what a channel is told until the test ends. */
function count(channel: string): () => number {
  let told = 0
  const listener = (): void => void (told += 1)
  subscribe(channel, listener)
  onTestFinished(() => void unsubscribe(channel, listener))
  return () => told
}

test('ten pictures are parsed ten times, fingerprinted ten times, and the lockfile is read twice', async () => {
  const names = Array.from({ length: 10 }, (_, index) => `picture-${index}`)
  const site = await project(Object.fromEntries(names.map((name) => [name, `A ${name}`])))
  const [parses, fingerprints] = [count('gemini-image:parse'), count('gemini-image:fingerprint')]
  let reads = 0
  const options = { provider: painter() }
  const opened = openProject(resolveOptions(options, { hostRoot: site.root, env: {} }))
  const { lockfile } = opened
  const counted: Project['lockfile'] = {
    file: lockfile.file,
    read: () => {
      reads += 1
      return lockfile.read()
    },
    add: (fingerprint, entry) => lockfile.add(fingerprint, entry),
    pin: (url, pin) => lockfile.pin(url, pin),
    remove: (fingerprints_, urls) => lockfile.remove(fingerprints_, urls),
    repair: () => lockfile.repair(),
    sweep: () => lockfile.sweep(),
  }
  const watched = { ...opened, lockfile: counted }
  const planned = await plan(watched)
  expect(await generate(watched, planned)).toMatchObject({ generated: 10 })
  expect({ parses: parses(), fingerprints: fingerprints(), reads }).toEqual({
    parses: 10,
    fingerprints: 10,
    reads: 2,
  })
})

test('a picture that refers to one that is missing is fingerprinted once more', async () => {
  const site = await project({
    anna: 'A portrait',
    scene: '---\nalt: A scene\nreferences: [{ image: ./anna.prompt.md }]\n---\nA scene',
  })
  const fingerprints = count('gemini-image:fingerprint')
  const opened = openProject(
    resolveOptions({ provider: painter() }, { hostRoot: site.root, env: {} }),
  )
  expect(await generate(opened, await plan(opened))).toMatchObject({ generated: 2 })
  expect(fingerprints()).toBe(4)
})
