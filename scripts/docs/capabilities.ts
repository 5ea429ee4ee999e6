import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Capability } from '../../test/capabilities/capability.ts'
import { CAPABILITIES } from '../../test/capabilities/cases.ts'
import { openEngine, writeCapability } from '../../test/capabilities/run.ts'
import { startFakeGemini } from '../../test/fake-gemini/server.ts'
import { capabilityLink, fileLink, guideTables } from './guide.ts'
import { code, GENERATED, table } from './markdown.ts'

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
    `### ${title}`,
    `In the guide: ${guide}. ${calls > 1 ? `${calls} calls; the last request is shown.` : 'One call.'}${proof ? ` Proved by ${fileLink(proof)} as well.` : ''}`,
    ...declarations,
    ...shown,
  ].join('\n\n')
}

const INTRO = `Everything that [Google's image-generation guide](https://ai.google.dev/gemini-api/docs/image-generation), in five of its versions since
August 2025, says that its image models can do: what declares it, what is sent, and what proves it.

- [Index](#index) of all capabilities
- [The guide, line by line](#the-guide-line-by-line): its [sections](#sections), [code samples](#code-samples), [templates](#templates) and [limits](#limits), and
  [where requests differ](#where-requests-differ) from its samples
- [Left out, and why](#left-out-and-why)
- [Capabilities](#capabilities): each with its declaration and its requests

The requests are recorded, not written: each declaration is built against a local server, once through each API. ${fileLink(PROOF)}
holds them against the requests of Google's own SDK, and what they cost against what the plan said before.`

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
  const index = CAPABILITIES.map(({ title, guide }) => [capabilityLink(title), guide])
  const sections: string[] = []
  for (const capability of CAPABILITIES) sections.push(await section(capability))
  return [
    '# What a declaration can ask for',
    GENERATED,
    INTRO,
    '## Index',
    table(['capability', 'in the guide'], index),
    ...(await guideTables()),
    '## Left out, and why',
    table(
      ['in the guide', 'here'],
      LEFT_OUT.map((row) => [...row]),
    ),
    '## Capabilities',
    ...sections,
  ].join('\n\n')
}
