import { doneAnswer, failureAnswer, jsonAnswer, type Answer } from './answer.ts'
import { fields, refuseBody, text } from './check.ts'
import { invalidArgument, notFound } from './failure.ts'
import type { Fault } from './faults.ts'
import { announcedFile, fileId, fileResource, type FileShelf, type Upload } from './files.ts'
import type { RecordedRequest } from './log.ts'
import { page } from './page.ts'
import type { Route } from './route.ts'

/** What a request on a file comes with. */
export interface FileRequest {
  entry: RecordedRequest
  route: Route
  bytes: Buffer
}

const mostBytes = 2 * 1024 ** 3
const granularity = 256 * 1024
/** Nothing answers there: a client must stay with the address that it was given. */
const uploadOrigin = 'https://uploads.fake.invalid'

const checkStart = fields({
  file: fields({ name: text, displayName: text, mimeType: text, sizeBytes: text }),
})

function startUpload({ entry, route }: FileRequest, shelf: FileShelf): Answer {
  const { headers, body, path } = entry
  const size = Number(headers['x-goog-upload-header-content-length'])
  const mimeType = headers['x-goog-upload-header-content-type']
  const isResumable = headers['x-goog-upload-protocol'] === 'resumable'
  if (!isResumable || headers['x-goog-upload-command'] !== 'start' || mimeType === undefined) {
    return failureAnswer(invalidArgument('Upload protocol, command or type is missing.'))
  }
  const strange = refuseBody(body, checkStart)
  if (strange !== undefined) return failureAnswer(strange)
  if (!Number.isInteger(size) || size <= 0 || size > mostBytes) {
    return failureAnswer(invalidArgument(`Upload size ${size} is not allowed.`))
  }
  const { displayName, name } = announcedFile(body)
  const upload = shelf.begin({
    size,
    mimeType,
    displayName: typeof displayName === 'string' ? displayName : undefined,
    wish: fileId(name),
  })
  const url = `${uploadOrigin}${path}?upload_id=${upload.id}&upload_protocol=resumable`
  const granted = {
    'x-goog-upload-url': url,
    'x-goog-upload-status': 'active',
    'x-goog-upload-chunk-granularity': String(granularity),
  }
  return { ...jsonAnswer(200, {}), headers: { ...granted, 'x-goog-api-version': route.version } }
}

function active({ received }: Upload): Answer {
  const headers = {
    'x-goog-upload-status': 'active',
    'x-goog-upload-size-received': String(received.length),
  }
  return { ...jsonAnswer(200, {}), headers }
}

function refuseChunk({ entry, bytes }: FileRequest, upload: Upload): string | undefined {
  const offset = Number(entry.headers['x-goog-upload-offset'])
  const isLast = entry.headers['x-goog-upload-command'] === 'upload, finalize'
  const total = upload.received.length + bytes.length
  if (offset !== upload.received.length) {
    return `Offset ${offset} where ${upload.received.length} bytes were received.`
  }
  if (total > upload.size) return 'More bytes than were announced.'
  if (isLast && total < upload.size) return 'Fewer bytes than were announced.'
  if (!isLast && bytes.length % granularity > 0) return 'The chunk is no multiple of 256 KiB.'
  return undefined
}

function takeChunk(request: FileRequest, shelf: FileShelf): Answer {
  const { entry, route, bytes } = request
  const upload = shelf.uploads.get(route.id ?? '')
  if (upload === undefined) return failureAnswer(notFound('The upload is not known.'))
  const command = entry.headers['x-goog-upload-command']
  if (command === 'query') return active(upload)
  if (command !== 'upload' && command !== 'upload, finalize') {
    return failureAnswer(invalidArgument(`Upload command ${command} is not known.`))
  }
  const refused = refuseChunk(request, upload)
  if (refused !== undefined) return failureAnswer(invalidArgument(refused))
  upload.received = Buffer.concat([upload.received, bytes])
  if (command === 'upload') return active(upload)
  shelf.uploads.delete(upload.id)
  const { displayName, mimeType, received, wish } = upload
  const file = { displayName, mimeType, bytes: received, source: 'UPLOADED' } as const
  const resource = fileResource(shelf.store(file, wish), route.version)
  return { ...jsonAnswer(200, { file: resource }), headers: { 'x-goog-upload-status': 'final' } }
}

/** A connection that breaks amid a chunk: what came before that is kept. */
export function breakChunk({ route, bytes }: FileRequest, shelf: FileShelf): void {
  const upload = shelf.uploads.get(route.id ?? '')
  if (upload === undefined) return
  upload.received = Buffer.concat([upload.received, bytes.subarray(0, bytes.length >> 1)])
}

function listFiles({ entry, route }: FileRequest, shelf: FileShelf): Answer {
  const all = [...shelf.files.values()].map((file) => fileResource(file, route.version))
  const { items, next } = page(all, entry.query)
  return jsonAnswer(200, { files: items, ...next })
}

function oneFile({ route }: FileRequest, shelf: FileShelf): Answer {
  const id = route.id ?? ''
  const file = shelf.files.get(id)
  if (file === undefined) return failureAnswer(notFound(`The file ${id} does not exist.`))
  if (route.name === 'getFile') return jsonAnswer(200, fileResource(file, route.version))
  if (route.name === 'deleteFile') {
    shelf.files.delete(id)
    return jsonAnswer(200, {})
  }
  return { ...doneAnswer(file.bytes.toString('utf8')), contentType: file.mimeType }
}

/** Answers a request on a file that nothing goes wrong with. */
export function answerFile(request: FileRequest, shelf: FileShelf): Answer {
  const { name } = request.route
  if (name === 'startUpload') return startUpload(request, shelf)
  if (name === 'uploadChunk') return takeChunk(request, shelf)
  if (name === 'listFiles') return listFiles(request, shelf)
  if (name === 'download' && !request.entry.query.includes('alt=media')) {
    return failureAnswer(invalidArgument('Say alt=media to download a file.'))
  }
  return oneFile(request, shelf)
}

/** What a download becomes where it ends amid a line, as if that were its end. */
export function cutShort(answer: Answer, { share = 0.5 }: Pick<Fault, 'share'>): Answer {
  return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length * share)) }
}
