import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** The one pair of keys that a server knows. */
export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

const SCHEME = {
  amazon: { family: 'AWS4', header: 'x-amz', end: 's3/aws4_request' },
  google: { family: 'GOOG4', header: 'x-goog', end: 'storage/goog4_request' },
} as const

const AUTHORIZATION =
  /^(\w+)-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([\w-]+)\/([\w/]+), SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/

/** What is wrong with the signature of a request as it came over the wire. */
export function findFlaw(
  request: IncomingMessage,
  body: Buffer,
  keys: Keys,
  dialect: 'amazon' | 'google',
): string | undefined {
  const { family, header, end } = SCHEME[dialect]
  const match = AUTHORIZATION.exec(request.headers.authorization ?? '')
  if (!match) return 'There is no signature.'
  const [, algorithm, id, day = '', region = '', scopeEnd, signedNames = '', signature = ''] = match
  if (algorithm !== family || scopeEnd !== end) return `This is ${algorithm} for ${scopeEnd}.`
  if (id !== keys.accessKeyId) return `Who is ${id}?`
  const valueOf = (name: string): string => String(request.headers[name] ?? '')
  if (valueOf(`${header}-content-sha256`) !== createHash('sha256').update(body).digest('hex')) {
    return 'The body is another one.'
  }
  if (valueOf(`${header}-security-token`) !== (keys.sessionToken ?? '')) return 'Which session?'
  const time = valueOf(`${header}-date`)
  if (!time.startsWith(day) || isOld(time)) return `The time is ${time}.`
  const names = signedNames.split(';')
  const unsigned = Object.keys(request.headers).find(
    (name) => (name === 'host' || /^(?:x-|if-)/.test(name)) && !names.includes(name),
  )
  if (unsigned) return `${unsigned} is not signed.`
  const canonical = [
    request.method,
    request.url,
    '',
    ...names.map((name) => `${name}:${valueOf(name)}`),
    '',
    signedNames,
    valueOf(`${header}-content-sha256`),
  ].join('\n')
  const digest = createHash('sha256').update(canonical).digest('hex')
  const toSign = `${family}-HMAC-SHA256\n${time}\n${day}/${region}/${end}\n${digest}`
  const words = [day, region, ...end.split('/'), toSign]
  let key = Buffer.from(family + keys.secretAccessKey)
  for (const word of words) key = createHmac('sha256', key).update(word).digest()
  const isRight = timingSafeEqual(key, Buffer.from(signature, 'hex'))
  return isRight ? undefined : 'The signature is wrong.'
}

/** More than fifteen minutes off, as S3 counts. */
function isOld(time: string): boolean {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time) ?? []
  const [year = 0, month = 0, day, hour, minute, second] = parts.map(Number)
  return Math.abs(Date.UTC(year, month - 1, day, hour, minute, second) - Date.now()) > 900_000
}
