import { homedir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import { GeminiImageError } from '../../kernel/errors/error.ts'
import { readFixedFile } from '../../kernel/files/fixed-file.ts'
import { parseJson } from '../../kernel/json.ts'
import type { ProviderEnv } from '../definition.ts'
import { VERTEX_CREDENTIALS } from './credentials.ts'

const { variable: VARIABLE, page: PAGE } = VERTEX_CREDENTIALS

/** Bytes; no file of credentials has as many. */
const MOST = 1_000_000

const text = z.string().min(1)

const serviceAccount = z.object({
  type: z.literal('service_account'),
  project_id: text.optional(),
  private_key_id: text.optional(),
  private_key: text,
  client_email: text,
  quota_project_id: text.optional(),
})

const person = z.object({
  type: z.literal('authorized_user'),
  client_id: text,
  client_secret: text,
  refresh_token: text,
  quota_project_id: text.optional(),
})

const format = z.object({ type: text, subject_token_field_name: text.optional() }).optional()

/** Programs and the signatures of another cloud are not among the sources: a file could have anything run. */
const workload = z.object({
  type: z.literal('external_account'),
  audience: text,
  subject_token_type: text,
  token_url: text,
  service_account_impersonation_url: text.optional(),
  credential_source: z.union([
    z.object({ url: text, headers: z.record(z.string(), z.string()).optional(), format }),
    z.object({ file: text, format }),
  ]),
  quota_project_id: text.optional(),
})

/** A person, or an account, that acts as another: "gcloud auth application-default login --impersonate-service-account". */
const impersonation = z.object({
  type: z.literal('impersonated_service_account'),
  service_account_impersonation_url: text,
  delegates: z.array(z.string()).default([]),
  source_credentials: z.discriminatedUnion('type', [serviceAccount, person]),
  quota_project_id: text.optional(),
})

/**
 * The kinds of credentials that Google Cloud writes into files.
 * @see https://cloud.google.com/docs/authentication/application-default-credentials
 */
const credentials = z.discriminatedUnion('type', [serviceAccount, person, workload, impersonation])

interface Common {
  /** The project that pays, where that is not the one that is asked. */
  readonly quota_project_id?: string | undefined
}

/** Of a service account: its own key signs. */
export interface ServiceAccount extends Common {
  readonly type: 'service_account'
  readonly project_id?: string | undefined
  readonly private_key_id?: string | undefined
  /** PEM. */
  readonly private_key: string
  readonly client_email: string
}

/** Of a person, after "gcloud auth application-default login". */
export interface Person extends Common {
  readonly type: 'authorized_user'
  readonly client_id: string
  readonly client_secret: string
  readonly refresh_token: string
}

interface Format {
  /** `json`, or `text`. */
  readonly type: string
  readonly subject_token_field_name?: string | undefined
}

/** Of a workload that another issuer of tokens vouches for, such as GitHub Actions. */
export interface Workload extends Common {
  readonly type: 'external_account'
  readonly audience: string
  readonly subject_token_type: string
  readonly token_url: string
  readonly service_account_impersonation_url?: string | undefined
  readonly credential_source:
    | {
        readonly url: string
        readonly headers?: Readonly<Record<string, string>> | undefined
        readonly format?: Format | undefined
      }
    | { readonly file: string; readonly format?: Format | undefined }
}

/** Of whoever acts as a service account. */
export interface Impersonation extends Common {
  readonly type: 'impersonated_service_account'
  readonly service_account_impersonation_url: string
  readonly delegates: readonly string[]
  readonly source_credentials: ServiceAccount | Person
}

/** A file of credentials that was read and validated. */
export interface CredentialFile {
  readonly file: string
  readonly content: ServiceAccount | Person | Workload | Impersonation
}

/**
 * The file of Application Default Credentials: the one that a variable names, or that of "gcloud auth
 * application-default login"; `undefined` where there is none.
 * @param env Where relative paths, and the folder of gcloud, come from.
 * @throws {GeminiImageError} `INVALID_KEY` where the named file cannot be used.
 */
export function readCredentialFile(env: ProviderEnv): CredentialFile | undefined {
  const named = env[VARIABLE]?.trim()
  if (named) {
    const file = path.resolve(named)
    const text = readFixedFile(file, MOST)
    if (text === undefined) throw unusable(file, 'it cannot be read')
    return parse(file, text)
  }
  const file = wellKnownFile(env)
  const text = readFixedFile(file, MOST)
  return text === undefined ? undefined : parse(file, text)
}

/** @see https://cloud.google.com/docs/authentication/application-default-credentials#personal */
function wellKnownFile(env: ProviderEnv): string {
  const folder =
    env['CLOUDSDK_CONFIG'] ??
    (env['APPDATA'] === undefined
      ? path.join(env['HOME'] ?? homedir(), '.config', 'gcloud')
      : path.join(env['APPDATA'], 'gcloud'))
  return path.join(folder, 'application_default_credentials.json')
}

function parse(file: string, text: string): CredentialFile {
  const parsed = credentials.safeParse(parseJson(text))
  if (parsed.success) return { file, content: parsed.data }
  const [issue] = parsed.error.issues
  const where = issue?.path.join('.') || 'type'
  throw unusable(file, `its "${where}" is missing, or none that is known here`)
}

/** What is wrong with a file of credentials; what stands in it is not repeated. */
export function unusable(file: string, why: string): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_KEY',
    what: `The credentials in ${file} cannot be used: ${why}.`,
    fix: `set ${VARIABLE} to the path of a file that Google Cloud gave you, or unset it and run "gcloud auth application-default login" (${PAGE}).`,
  })
}
