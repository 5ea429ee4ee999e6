export type RouteName = 'generateContent' | 'interactions' | 'predict'

export interface Route {
  name: RouteName
  version: string
  /** `undefined` where the body names the model. */
  model: string | undefined
}

const modelPattern = /^(?:\/.*)?\/(v1|v1beta)\/models\/([^/:]+):(generateContent|predict)$/
const interactionsPattern = /^(?:\/.*)?\/(v1|v1beta)\/interactions$/

/** Any path prefix will do, as behind a proxy. */
export function readRoute(method: string, path: string): Route | undefined {
  if (method !== 'POST') return undefined
  const version = interactionsPattern.exec(path)?.[1]
  if (version !== undefined) return { name: 'interactions', version, model: undefined }
  const found = modelPattern.exec(path)
  if (found === null) return undefined
  const [, modelVersion = '', model = '', action] = found
  const name = action === 'predict' ? 'predict' : 'generateContent'
  return { name, version: modelVersion, model: decodeURIComponent(model) }
}
