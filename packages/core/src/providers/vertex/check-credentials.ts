import type { CredentialsCheck, ProviderEnv } from '../definition.ts'
import { readCredentialFile, type CredentialFile } from './credential-file.ts'
import { KEY_VARIABLE, VERTEX_CREDENTIALS } from './credentials.ts'

/**
 * Which credentials are used. The file is read, and nobody is asked.
 * @param key An express key, where one is used.
 * @throws {GeminiImageError} `INVALID_KEY` for a file that cannot be used.
 */
export function checkCredentials(
  project: string | undefined,
  key: string | undefined,
  env: ProviderEnv,
): CredentialsCheck {
  const paying = project === undefined ? '' : ` for the project ${project}`
  if (key !== undefined)
    return { verdict: 'ok', text: `${KEY_VARIABLE} is set, and used${paying}.` }
  const found = readCredentialFile(env)
  if (found) return { verdict: 'ok', text: `${found.file} is used: ${kindOf(found)}${paying}.` }
  const text = `There is no file of credentials: the account of this machine is used, if it runs in Google Cloud. Otherwise run "gcloud auth application-default login", or set ${VERTEX_CREDENTIALS.variable} (${VERTEX_CREDENTIALS.page}).`
  return { verdict: 'warning', text }
}

function kindOf({ content }: CredentialFile): string {
  switch (content.type) {
    case 'service_account':
      return `the service account ${content.client_email}`
    case 'authorized_user':
      return 'your own account'
    case 'impersonated_service_account':
      return 'your own account, which acts as a service account'
    case 'external_account':
      return 'workload identity, without a key'
  }
}
