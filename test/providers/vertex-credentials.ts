import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { startFakeVertex, type FakeVertex } from '../fake-vertex/server.ts'

/** Made once: a key takes longer than all the rest. */
export const KEY_PAIR = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})

export const SERVICE_ACCOUNT = {
  type: 'service_account',
  project_id: 'of-the-file',
  private_key_id: 'id',
  private_key: KEY_PAIR.privateKey,
  client_email: 'images@of-the-file.iam.gserviceaccount.com',
  token_uri: 'https://oauth2.googleapis.com/token',
}

export const PERSON = {
  type: 'authorized_user',
  client_id: 'a-client',
  client_secret: 'the-secret-of-a-client',
  refresh_token: 'the-refresh-token-of-a-person',
  quota_project_id: 'who-pays',
}

export const RUNNER = 'https://pipelines.actions.githubusercontent.com'

/** As google-github-actions/auth writes it. */
export const WORKLOAD = {
  type: 'external_account',
  audience:
    '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/providers/github',
  subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
  token_url: 'https://sts.googleapis.com/v1/token',
  service_account_impersonation_url:
    'https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/images@p.iam.gserviceaccount.com:generateAccessToken',
  credential_source: {
    url: `${RUNNER}/runner/token?audience=x`,
    headers: { Authorization: 'Bearer the-token-of-the-runner' },
    format: { type: 'json', subject_token_field_name: 'value' },
  },
}

/** Hosts that the fake server stands for. */
const HOSTS =
  /^https:\/\/(?:[\w.-]+\.googleapis\.com|pipelines\.actions\.githubusercontent\.com)(?=\/)/

/** A fake Vertex AI to which all of Google's hosts lead, until the test ends. */
export async function startVertex(): Promise<FakeVertex & { readonly reached: readonly string[] }> {
  const vertex = await startFakeVertex()
  const reached: string[] = []
  const direct = globalThis.fetch
  vi.stubGlobal('fetch', (input: string | URL | Request, init?: RequestInit) => {
    const url = input instanceof Request ? input.url : String(input)
    reached.push(new URL(url).host)
    const there = url.replace(HOSTS, vertex.url)
    return input instanceof Request ? direct(new Request(there, input)) : direct(there, init)
  })
  onTestFinished(async () => {
    vi.unstubAllGlobals()
    await vertex.close()
  })
  return Object.assign(vertex, { reached })
}

/** Writes credentials into a file that is gone when the test ends. @returns its path. */
export async function writeCredentials(content: object): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'credentials-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'credentials.json')
  await writeFile(file, JSON.stringify(content))
  return file
}
