import type { StudioApi } from '@gemini-image/studio'
import { createRpcClient } from 'devframe/rpc/client'
import { createWsRpcChannel } from 'devframe/rpc/transports/ws-client'
import { onTestFinished } from 'vitest'

/** A page of the studio, as far as its connection goes. */
export interface StudioClient {
  readonly api: StudioApi
  /** Whether the server takes it for one that may call anything. */
  readonly isTrusted: boolean
}

/**
 * Connects to a studio as its page does.
 * @param address Where it is served, with or without a token: `http://localhost:5173/__gemini-image/#token=…`.
 * @param onChanged Called when the server says that something has changed.
 */
export async function connectStudio(
  address: string,
  onChanged: () => void = () => undefined,
): Promise<StudioClient> {
  const { origin, pathname, hash } = new URL(address)
  const token = new URLSearchParams(hash.slice(1)).get('token') ?? ''
  const url = `${origin.replace(/^http/, 'ws')}${pathname}__ws`
  const channel = createWsRpcChannel({ url })
  onTestFinished(() => channel.close())
  const rpc = createRpcClient<
    Record<string, (...args: never[]) => unknown>,
    Record<string, () => void>
  >({ 'gemini-image:changed': onChanged }, { channel })
  const call = (name: string, ...args: unknown[]): Promise<unknown> =>
    rpc.$call(name, ...(args as never[]))
  const said = (await call('anonymous:devframe:auth', {
    authToken: token,
    ua: 'test',
    origin,
  })) as { readonly isTrusted: boolean }
  const api = new Proxy({} as StudioApi, {
    get:
      (_, name) =>
      (...args: unknown[]) =>
        call(`gemini-image:${String(name)}`, ...args),
  })
  return { api, isTrusted: said.isTrusted }
}
