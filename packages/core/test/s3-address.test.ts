import { expect, test } from 'vitest'
import { resolveAddress, type S3AddressOptions } from '../src/team/s3/request.ts'

const urlOf = (options: S3AddressOptions, env: Record<string, string> = {}): string =>
  resolveAddress(options, env).urlOf('objects/a').href

test.each<[string, S3AddressOptions, Record<string, string>?]>([
  ['https://team.s3.us-east-1.amazonaws.com/objects/a', { bucket: 'team' }],
  [
    'https://team.s3.eu-west-1.amazonaws.com/a/b/objects/a',
    { bucket: 'team', prefix: 'a/b/', region: 'eu-west-1' },
  ],
  [
    'https://team.s3.eu-west-2.amazonaws.com/objects/a',
    { bucket: 'team' },
    { AWS_REGION: 'eu-west-2' },
  ],
  [
    'https://team.s3.cn-north-1.amazonaws.com.cn/objects/a',
    { bucket: 'team', region: 'cn-north-1' },
  ],
  ['https://s3.us-east-1.amazonaws.com/team.example/objects/a', { bucket: 'team.example' }],
  [
    'https://x.r2.cloudflarestorage.com/team/objects/a',
    { bucket: 'team', endpoint: 'https://x.r2.cloudflarestorage.com/' },
  ],
  [
    'http://localhost:9000/s3/team/objects/a',
    { bucket: 'team', endpoint: 'http://localhost:9000/s3' },
  ],
])('%s', (expected, options, env) => {
  expect(urlOf(options, env)).toBe(expected)
})

test('Google is known by its address', () => {
  const google = { bucket: 'team', endpoint: 'https://storage.googleapis.com' }
  expect(resolveAddress(google, {})).toMatchObject({ dialect: 'google', region: 'auto' })
  const likeGoogle = { bucket: 'team', endpoint: 'https://notstorage.googleapis.com.example.test' }
  expect(resolveAddress(likeGoogle, {})).toMatchObject({ dialect: 'amazon' })
})
