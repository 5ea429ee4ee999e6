import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

/** The names that everybody may use; a reviewer reads this list. */
const PUBLIC = [
  'BatchProvider',
  'Description',
  'DescriptionJob',
  'ErrorCode',
  'GeminiImageError',
  'ImageRequest',
  'LeasableStore',
  'Mode',
  'Options',
  'PastAnswer',
  'Place',
  'Plan',
  'PlanRow',
  'Prepared',
  'Project',
  'Provider',
  'ProviderContext',
  'ProviderDefinition',
  'ProviderJob',
  'ProviderResult',
  'RedisStoreOptions',
  'ResolvedImage',
  'ResultPart',
  'S3StoreOptions',
  'SharedStore',
  'StoreOptions',
  'UnstorageLike',
  'cutOut',
  'defineConfig',
  'generate',
  'isGeminiImageError',
  'openOptions',
  'openProject',
  'plan',
  'prepare',
  'redisStore',
  'renderTemplate',
  's3Store',
  'unstorageStore',
  'verify',
]

test('the public entry exports these names, and no more than 40', () => {
  const source = readFileSync(path.join(import.meta.dirname, '../src/index.ts'), 'utf8')
  const lists = Array.from(
    source.matchAll(/export (?:type )?\{([^}]*)\}/g),
    ([, list = '']) => list,
  )
  const names = lists.flatMap((list) =>
    list.split(',').map((name) => name.replace('type ', '').trim()),
  )
  expect(names.filter(Boolean).toSorted()).toEqual(PUBLIC)
  expect(PUBLIC.length).toBeLessThanOrEqual(40)
})
