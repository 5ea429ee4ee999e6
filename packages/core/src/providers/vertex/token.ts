import type { ProviderEnv } from '../definition.ts'
import type { CredentialFile } from './credential-file.ts'
import { exchangeOf, type Token } from './exchange.ts'
import { metadataToken } from './metadata.ts'
import { trustedFetch } from './trusted-fetch.ts'

/** Gives the headers that say who asks; tokens are exchanged when they are needed, and renewed before they end. */
export type TokenSource = () => Promise<Readonly<Record<string, string>>>

/** Milliseconds before its end at which a token is renewed: a call may take as long. */
const EARLY = 5 * 60_000

/**
 * Tokens for a file of credentials; without one, those of the machine's own account in Google Cloud.
 * @param trusted Hosts that a person allows besides Google's.
 */
export function openTokens(
  file: CredentialFile | undefined,
  env: ProviderEnv,
  trusted: readonly string[],
): TokenSource {
  const exchange = file
    ? exchangeOf(file, trustedFetch(env, trusted))
    : () => metadataToken(env['GCE_METADATA_HOST'])
  const payer = file?.content.quota_project_id
  let current: Token | undefined
  let renewing: Promise<Token> | undefined
  const token = async (): Promise<Token> => {
    if (current && Date.now() + EARLY < current.until) return current
    // Calls side by side wait for one exchange.
    renewing ??= exchange().finally(() => (renewing = undefined))
    return (current = await renewing)
  }
  return async () => ({
    authorization: `Bearer ${(await token()).value}`,
    ...(payer !== undefined && { 'x-goog-user-project': payer }),
  })
}
