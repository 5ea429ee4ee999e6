/** A route that asks for a picture at once. */
export type QuestionRoute = 'generateContent' | 'interactions' | 'predict'

export type RouteName =
  | QuestionRoute
  | 'startUpload'
  | 'uploadChunk'
  | 'listFiles'
  | 'getFile'
  | 'deleteFile'
  | 'download'
  | 'createBatch'
  | 'listBatches'
  | 'getBatch'
  | 'cancelBatch'
  | 'deleteBatch'
  | 'listModels'

export interface Route {
  name: RouteName
  version: string
  /** `undefined` where the body names the model, or none is meant. */
  model: string | undefined
  /** The file, upload or batch that is meant. */
  id: string | undefined
}

interface Pattern {
  name: RouteName
  method: 'GET' | 'POST' | 'DELETE'
  /** Begins behind the API version. */
  rest: RegExp
}

const patterns: readonly Pattern[] = [
  { name: 'interactions', method: 'POST', rest: /^interactions$/ },
  { name: 'generateContent', method: 'POST', rest: /^models\/(?<model>[^/:]+):generateContent$/ },
  { name: 'predict', method: 'POST', rest: /^models\/(?<model>[^/:]+):predict$/ },
  { name: 'createBatch', method: 'POST', rest: /^models\/(?<model>[^/:]+):batchGenerateContent$/ },
  { name: 'listModels', method: 'GET', rest: /^models$/ },
  { name: 'listBatches', method: 'GET', rest: /^batches$/ },
  { name: 'getBatch', method: 'GET', rest: /^batches\/(?<id>[^/:]+)$/ },
  { name: 'cancelBatch', method: 'POST', rest: /^batches\/(?<id>[^/:]+):cancel$/ },
  { name: 'deleteBatch', method: 'DELETE', rest: /^batches\/(?<id>[^/:]+)$/ },
  { name: 'listFiles', method: 'GET', rest: /^files$/ },
  { name: 'getFile', method: 'GET', rest: /^files\/(?<id>[^/:]+)$/ },
  { name: 'deleteFile', method: 'DELETE', rest: /^files\/(?<id>[^/:]+)$/ },
  { name: 'download', method: 'GET', rest: /^files\/(?<id>[^/:]+):download$/ },
]

// Any path prefix will do, as behind a proxy, but none that ends as the address of the API does.
const versionPattern =
  /^(?:\/(?!(?:.*\/)?v1(?:beta)?(?:\/models)?\/v1(?:beta)?\/).*?)?\/(?<version>v1|v1beta)\/(?<rest>.*)$/
const uploadPattern = /^(?:\/.*)?\/upload\/(?<version>v1|v1beta)\/files$/

export function readRoute(method: string, { pathname, searchParams }: URL): Route | undefined {
  const upload = uploadPattern.exec(pathname)?.groups?.['version']
  if (upload !== undefined) {
    const id = searchParams.get('upload_id') ?? undefined
    const name = id === undefined ? 'startUpload' : 'uploadChunk'
    return method === 'POST' ? { name, version: upload, model: undefined, id } : undefined
  }
  const { version = '', rest = '' } = versionPattern.exec(pathname)?.groups ?? {}
  for (const pattern of patterns) {
    const found = pattern.method === method ? pattern.rest.exec(rest) : null
    if (found === null) continue
    const { model, id } = found.groups ?? {}
    return { name: pattern.name, version, model: model && decodeURIComponent(model), id }
  }
  return undefined
}

export function asksAtOnce(name: RouteName): name is QuestionRoute {
  return name === 'generateContent' || name === 'interactions' || name === 'predict'
}
