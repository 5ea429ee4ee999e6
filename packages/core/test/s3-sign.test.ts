import { AwsV4Signer } from 'aws4fetch'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeName, signRequest } from '../src/team/s3/sign.ts'

const binary = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 12 })
  .filter((name) => name !== '.' && name !== '..' && name.isWellFormed())
const words = fc.oneof(binary, fc.constant("!'()*~ +&=@$,;:%41"))
const plain = fc.stringMatching(/^[\w+/=-]{1,40}$/)

test('whatever the names, a signature is the one that another client makes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        names: fc.array(words, { minLength: 1, maxLength: 4 }),
        method: fc.constantFrom('GET', 'HEAD', 'PUT', 'DELETE'),
        accessKeyId: plain,
        secretAccessKey: plain,
        sessionToken: fc.option(plain, { nil: undefined }),
        region: fc.constantFrom('us-east-1', 'auto', 'eu-central-1'),
        isConditional: fc.boolean(),
        body: fc.uint8Array({ maxLength: 20 }),
        now: fc.date({
          min: new Date('2026-01-01'),
          max: new Date('2030-01-01'),
          noInvalidDate: true,
        }),
      }),
      async ({ names, method, region, isConditional, body, now, ...credentials }) => {
        const url = new URL(['https://example.test:8443', ...names.map(encodeName)].join('/'))
        const headers = isConditional ? { 'if-none-match': '*' } : {}
        const ours = signRequest(
          { method, url, headers, body },
          { credentials, region, dialect: 'amazon', now },
        )
        const signer = new AwsV4Signer({
          method,
          url: url.href,
          headers: { ...headers, 'x-amz-content-sha256': ours['x-amz-content-sha256'] ?? '' },
          body: method === 'PUT' ? body : null,
          accessKeyId: credentials.accessKeyId,
          secretAccessKey: credentials.secretAccessKey,
          ...(credentials.sessionToken && { sessionToken: credentials.sessionToken }),
          region,
          service: 's3',
          datetime: ours['x-amz-date'] ?? '',
        })
        const theirs = await signer.sign()
        expect(ours['authorization']).toBe(theirs.headers.get('authorization'))
      },
    ),
  )
})

test('for Google every header is Google’s', () => {
  const headers = signRequest(
    {
      method: 'PUT',
      url: new URL('https://storage.googleapis.com/team/a'),
      headers: { 'x-goog-if-generation-match': '0' },
      body: new Uint8Array(),
    },
    {
      credentials: { accessKeyId: 'GOOG1', secretAccessKey: 'secret' },
      region: 'auto',
      dialect: 'google',
      now: new Date('2026-01-02T03:04:05.678Z'),
    },
  )
  expect(Object.keys(headers).filter((name) => name.startsWith('x-amz-'))).toEqual([])
  expect(headers['x-goog-date']).toBe('20260102T030405Z')
  expect(headers['authorization']).toMatch(
    /^GOOG4-HMAC-SHA256 Credential=GOOG1\/20260102\/auto\/storage\/goog4_request, SignedHeaders=host;x-goog-content-sha256;x-goog-date;x-goog-if-generation-match, Signature=[0-9a-f]{64}$/,
  )
})
