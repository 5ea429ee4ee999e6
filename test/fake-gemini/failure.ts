/** An error in the shape of Google's JSON error body. */
export interface Failure {
  code: number
  status: string
  message: string
  details?: readonly object[]
}

const typePrefix = 'type.googleapis.com/google.rpc.'

export function invalidArgument(message: string): Failure {
  return { code: 400, status: 'INVALID_ARGUMENT', message }
}

/** What Google says of a value of the wrong type, or of an unknown enum name. */
export function invalidValue(place: string, type: string, value: unknown): Failure {
  return invalidArgument(`Invalid value at '${place}' (${type}), ${JSON.stringify(value)}`)
}

export function missingField(place: string): Failure {
  return invalidArgument(`* ${place}: required field is not specified\n`)
}

export function unknownField(name: string, place: string): Failure {
  const where = place === '' ? '' : ` at '${place}'`
  const message = `Invalid JSON payload received. Unknown name "${name}"${where}: Cannot find field.`
  const violation = { field: place, description: message }
  return {
    ...invalidArgument(message),
    details: [{ '@type': `${typePrefix}BadRequest`, fieldViolations: [violation] }],
  }
}

export function invalidKey(): Failure {
  const message = 'API key not valid. Please pass a valid API key.'
  const info = {
    '@type': `${typePrefix}ErrorInfo`,
    reason: 'API_KEY_INVALID',
    domain: 'googleapis.com',
    metadata: { service: 'generativelanguage.googleapis.com' },
  }
  const localized = { '@type': `${typePrefix}LocalizedMessage`, locale: 'en-US', message }
  return { ...invalidArgument(message), details: [info, localized] }
}

/** A signature counts for the very bytes that it came with. */
export function invalidSignature(): Failure {
  return invalidArgument('Thought signature is not valid.')
}

/** `content` and `part` count from 1. */
export function missingSignature(content: number, part: number): Failure {
  return invalidArgument(
    'Image part is missing a thought_signature in content position ' +
      `${content}, part position ${part}.`,
  )
}

export function unknownModel(model: string, version: string, method: string): Failure {
  const message =
    `models/${model} is not found for API version ${version}, or is not supported for ` +
    `${method}. Call ListModels to see the list of available models and their supported methods.`
  return notFound(message)
}

export function notFound(message: string): Failure {
  return { code: 404, status: 'NOT_FOUND', message }
}

export function unknownInteraction(id: string): Failure {
  return notFound(`Interaction ${id} is not found.`)
}

export function unknownRoute(method: string, path: string): Failure {
  return notFound(`Nothing answers ${method} ${path} here.`)
}

export function rateLimited(retryDelay: string): Failure {
  return {
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message: `Resource has been exhausted (e.g. check quota). Please retry in ${retryDelay}.`,
    details: [{ '@type': `${typePrefix}RetryInfo`, retryDelay }],
  }
}

export function quotaExhausted(model: string, retryDelay: string): Failure {
  const metric = 'generativelanguage.googleapis.com/generate_content_free_tier_requests'
  const violation = {
    quotaMetric: metric,
    quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier',
    quotaDimensions: { location: 'global', model },
    quotaValue: '0',
  }
  return {
    code: 429,
    status: 'RESOURCE_EXHAUSTED',
    message:
      'You exceeded your current quota, please check your plan and billing details.\n' +
      `* Quota exceeded for metric: ${metric}, limit: 0, model: ${model}\n` +
      `Please retry in ${retryDelay}.`,
    details: [
      { '@type': `${typePrefix}QuotaFailure`, violations: [violation] },
      { '@type': `${typePrefix}RetryInfo`, retryDelay },
    ],
  }
}

export function serverError(code: number): Failure {
  if (code === 503) {
    const message = 'The model is overloaded. Please try again later.'
    return { code, status: 'UNAVAILABLE', message }
  }
  if (code === 504) {
    const message = 'Deadline expired before operation could complete.'
    return { code, status: 'DEADLINE_EXCEEDED', message }
  }
  const message = 'An internal error has occurred. Please retry or report the problem.'
  return { code, status: 'INTERNAL', message }
}
