import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Capability } from '../../test/capabilities/capability.ts'
import { CAPABILITIES } from '../../test/capabilities/cases.ts'
import { openEngine, writeCapability } from '../../test/capabilities/run.ts'
import { startFakeGemini } from '../../test/fake-gemini/server.ts'
import { anchor, code, GENERATED, table } from './markdown.ts'

const PROOF = 'test/capabilities/capabilities.test.ts'
const TRANSPORTS = ['generate-content', 'interactions'] as const

/** The last request that a declaration really sends, as JSON with its pictures left out. */
async function lastRequest(
  capability: Capability,
  transport: (typeof TRANSPORTS)[number],
): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'gemini-image-docs-'))
  const gemini = await startFakeGemini()
  try {
    await writeCapability(root, capability)
    await openEngine(
      root,
      { ...capability, options: { concurrency: 1 } },
      transport,
      gemini,
    ).prepare()
    const { method, path: address, body } = gemini.requests.at(-1) ?? {}
    return `${method} ${address}\n\n${JSON.stringify(body, shorten, 2)}`
  } finally {
    await gemini.close()
    await rm(root, { recursive: true, force: true })
  }
}

function shorten(key: string, value: unknown): unknown {
  const isBlob = key === 'data' || key === 'thoughtSignature' || key === 'signature'
  return isBlob && typeof value === 'string' ? '…' : value
}

async function section(capability: Capability): Promise<string> {
  const { title, guide, files, calls = 1, proof } = capability
  const declarations = Object.entries(files).map(
    ([file, text]) => `\`${file}\`:\n\n${code('md', text)}`,
  )
  const requests = await Promise.all(
    TRANSPORTS.map(async (transport) => {
      const request = code('http', await lastRequest(capability, transport))
      return `<details><summary>The request: ${transport}</summary>\n\n${request}\n\n</details>`
    }),
  )
  const [only, ...more] = new Set(
    requests.map((request) => request.split('\n').slice(2).join('\n')),
  )
  const shown = more.length === 0 && only ? requests.slice(0, 1) : requests
  return [
    `## ${title}`,
    `In the guide: ${guide}. ${calls > 1 ? `${calls} calls; the last request is shown.` : 'One call.'} Proved by ${[
      PROOF,
      proof,
    ]
      .filter(Boolean)
      .map((file) => `[${file}](../${file})`)
      .join(' and ')}.`,
    ...declarations,
    ...shown,
  ].join('\n\n')
}

/** What Google's guide speaks of and no declaration says. */
const LEFT_OUT: readonly (readonly [what: string, why: string])[] = [
  ['Batch API', 'a way to pay half, not a thing to declare: `gemini-image generate --batch`'],
  [
    'Files API',
    'pictures go inline: one request, nothing kept at Google; what weighs too much goes as smaller copies',
  ],
  ['Chats', '`turns`: the history is sent as a chat sends it, and pinned'],
  ['Streaming', 'a build wants the picture, not its beginnings'],
  ['`candidateCount`', 'image models answer one candidate; `variants` makes one call each'],
  ['`personGeneration`, `outputMimeType`', 'the Gemini API refuses them; they are Vertex AI’s'],
  ['Video and audio as input', 'a site’s source holds pictures; not offered by every image model'],
]

export async function capabilitiesPage(): Promise<string> {
  const rows = CAPABILITIES.map(({ title, guide, proof }) => [
    `[${title}](${anchor(title)})`,
    guide,
    [PROOF, proof]
      .filter((file) => file !== undefined)
      .map((file) => `[${path.basename(file)}](../${file})`)
      .join(', '),
  ])
  const sections: string[] = []
  for (const capability of CAPABILITIES) sections.push(await section(capability))
  return [
    '# What a declaration can ask for',
    GENERATED,
    "Everything that [Google's image-generation guide](https://ai.google.dev/gemini-api/docs/image-generation), in any of its versions since August 2025, says that its image models can do. The requests are recorded, not written: each declaration is built against a local server, once through each API. The test holds them against the requests of Google's own SDK.",
    table(['capability', 'in the guide', 'proved by'], rows),
    '## Left out, and why',
    table(
      ['in the guide', 'here'],
      LEFT_OUT.map((row) => [...row]),
    ),
    ...sections,
  ].join('\n\n')
}
