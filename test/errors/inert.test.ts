import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { inTerminal } from '../cli/stage.ts'
import { HOSTS } from '../hosts/hosts.ts'
import { runCommand } from '../support/command.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'

/** What terminals and CI systems obey, as names, keys and answers may hold it. */
const BAD =
  '\u001B[31mred\u001B]0;title\u0007\u009B5n\u202Egnp\r::add-mask::x\n  ::stop-commands::y ##[group]z ##vso[task.complete]'

/** A name that file systems and hosts take. */
const NAME = '::error::a\u001B]0;title\u0007'

/** Sites in which something bad stands in a key, a value, a file's name or a server's answer. */
const SITES: Readonly<Record<string, () => Promise<Site>>> = {
  'a key': () => siteWith('a', `---\nalt: x\n${JSON.stringify(BAD)}: 1\n---\nA fox\n`),
  'a model': () => siteWith('a', promptFile('A fox', { model: JSON.stringify(BAD) })),
  'a style': () => siteWith('a', promptFile('A fox', { style: JSON.stringify(BAD) })),
  'a variable': () => siteWith('a', promptFile(`A {{${BAD.replaceAll('\n', ' ')}}}`)),
  'a file’s name': () => siteWith(NAME, promptFile('A fox')),
  'a file’s name, and what stands in it': () =>
    siteWith(NAME, promptFile('A fox', { model: JSON.stringify(BAD) })),
}

async function siteWith(name: string, text: string): Promise<Site> {
  const site = await createSite({
    'src/main.js': `import a from './${name}.prompt.md?gemini-image'\nconsole.log(a)\n`,
  })
  await site.write(`src/${name}.prompt.md`, text)
  return site
}

/** A server that refuses every request with bad words. */
async function startRefusing(): Promise<Record<string, string>> {
  const server = createServer((_, response) => {
    response.statusCode = 400
    response.end(JSON.stringify({ error: { message: BAD } }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return { GEMINI_API_KEY: 'a-key', GOOGLE_GEMINI_BASE_URL: `http://127.0.0.1:${port}` }
}

/** What a terminal or a CI system would obey in an output, besides colours of ours and of hosts. */
function obeyed(output: string): readonly string[] {
  const plain = output.replaceAll(/\p{Cc}\[[\d;]*m(?!red)/gu, '')
  return plain.match(/(?![\t\n])\p{Cc}|\u202E|^\s*::|##\[|##vso\[/gimu) ?? []
}

const COMMANDS = [
  'plan',
  'status',
  'generate --yes',
  'explain src/*',
  'variants src/*',
  'doctor',
  'verify',
  'studio --build out --all',
  'alt --yes',
]

describe.for(Object.entries(SITES))('bad signs in %s', ([, open]) => {
  test('do nothing in the output of a command', async () => {
    const site = await open()
    const env = await startRefusing()
    for (const line of COMMANDS) {
      for (const flags of [[], ['--json']]) {
        const { output, stdout } = await runCommand(site.root, [...line.split(' '), ...flags], env)
        expect(obeyed(output)).toEqual([])
        if (flags.length > 0) JSON.parse(stdout)
      }
    }
  })

  test('do nothing in a terminal', async () => {
    const { screen } = await inTerminal(await open(), ['plan'])
    expect(obeyed(screen.replaceAll('\r\n', '\n'))).toEqual([])
  })

  test.for(HOSTS)('do nothing in the output of $name', async ({ build }) => {
    const env = await startRefusing()
    const { errors, warnings } = await build(await open(), { env })
    expect(errors.join()).toMatch(/[A-Z]+_[A-Z]+/)
    for (const text of [...errors, ...warnings]) expect(obeyed(text)).toEqual([])
  })
})
