import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { BlockList, isIPv4 } from 'node:net'
import { createToken } from './address.ts'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** Names that lead to the machine itself in every browser. */
const OWN_NAMES = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/

/** What proxies add. Behind one, every request comes from this machine. */
const OF_PROXIES = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'] as const

/**
 * Who may look and spend: whoever knows the token. The terminal prints it in a link, and pages that a browser on this
 * machine loads from this very server are given it.
 */
export class Trust {
  readonly token: string

  constructor(token: string = createToken()) {
    this.token = token
  }

  /** Whether somebody knows the token. */
  isKnownTo(given: unknown): boolean {
    const one = Buffer.from(typeof given === 'string' ? given : '')
    const wanted = Buffer.from(this.token)
    return one.length === wanted.length && timingSafeEqual(one, wanted)
  }

  /** Whether a request comes from a page of this server, in a browser on this machine. */
  isAtHome({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
    return (
      isLoopback(socket.remoteAddress) &&
      OWN_NAMES.test(headers.host ?? '') &&
      OF_PROXIES.every((name) => headers[name] === undefined) &&
      isFromOwnPage(headers)
    )
  }
}

/** Whether no page of another origin is behind a request. Browsers say so; other programs need not. */
export function isFromOwnPage(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  return headers.origin === undefined || URL.parse(headers.origin)?.host === headers.host
}

function isLoopback(address = ''): boolean {
  const plain = address.replace(/^::ffff:/, '')
  return LOOPBACK.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6')
}
