import { CallFailure, FINAL } from '../call-failure.ts'
import { KEY_VARIABLE, VERTEX_CREDENTIALS } from './credentials.ts'
import { readToken, type Token } from './exchange.ts'

/** Milliseconds: a machine that has such a server has it beside itself. */
const TIMEOUT = 3000

/**
 * A token of the account that a machine in Google Cloud has. Nothing secret is sent.
 * @param host Where the metadata server is. @default where it is in Google Cloud
 * @see https://cloud.google.com/compute/docs/access/authenticate-workloads
 */
export async function metadataToken(host = 'metadata.google.internal'): Promise<Token> {
  const url = new URL(`http://${host}/computeMetadata/v1/instance/service-accounts/default/token`)
  url.searchParams.set('scopes', 'https://www.googleapis.com/auth/cloud-platform')
  let said: string
  try {
    const response = await fetch(url, {
      headers: { 'metadata-flavor': 'Google' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
    })
    if (response.ok) return readToken(await response.text())
    said = `HTTP ${response.status}`
  } catch (error) {
    if (error instanceof CallFailure) throw error
    said = error instanceof Error ? error.message : String(error)
  }
  throw new CallFailure(
    {
      code: 'INVALID_KEY',
      what: 'There are no credentials for Google Cloud: neither a file of them, nor a machine that has an account there.',
      why: `Its metadata server said: ${said}`,
      fix: `run "gcloud auth application-default login", set ${VERTEX_CREDENTIALS.variable} (${VERTEX_CREDENTIALS.page}), or set ${KEY_VARIABLE} to an express key.`,
    },
    FINAL,
  )
}
