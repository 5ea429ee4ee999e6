import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { bytesOf, headOf, send, type Answer, type WireFault } from './wire.ts'

const JSON_TYPE = { 'content-type': 'application/json; charset=UTF-8' }

type Apply = WireFault['apply']

function fault(name: string, arrives: WireFault['arrives'], apply: Apply): WireFault {
  return { name, arrives, apply }
}

/** Answers in the place of the server. */
function instead(name: string, answer: Answer): WireFault {
  return fault(name, 'nothing', (socket) => send(socket, answer))
}

/** Changes the answer of the server. */
function changed(
  name: string,
  arrives: WireFault['arrives'],
  change: (answer: Answer) => Partial<Answer>,
): WireFault {
  return fault(name, arrives, async (socket, good) => {
    const answer = await good()
    send(socket, { ...answer, ...change(answer) })
  })
}

/** Sends these bytes in the place of the answer's, and ends or cuts the connection. */
function raw(
  name: string,
  arrives: WireFault['arrives'],
  bytesFrom: (answer: Answer) => Buffer,
  end: 'end' | 'cut' | 'reset' = 'end',
): WireFault {
  return fault(name, arrives, async (socket, good) => {
    socket.write(bytesFrom(await good()), () => finish(socket, end))
  })
}

function finish(socket: Socket, how: 'end' | 'cut' | 'reset'): void {
  if (how === 'end') socket.end()
  else if (how === 'cut') socket.destroy()
  else socket.resetAndDestroy()
}

function failure(status: number, more: object = {}): Buffer {
  const error = { code: status, message: 'It went wrong.', status: 'INTERNAL', ...more }
  return Buffer.from(JSON.stringify({ error }))
}

const STATUSES = [
  400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 418, 421,
  422, 423, 424, 425, 426, 428, 429, 431, 451, 494, 499, 500, 501, 502, 503, 504, 505, 507, 508,
  510, 511, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530, 598, 599, 666, 999,
]

function statuses(): WireFault[] {
  const page = Buffer.from('<!doctype html><title>A proxy</title><h1>No</h1>\n')
  return STATUSES.flatMap((status) => [
    instead(`${status} as JSON`, { status, headers: JSON_TYPE, body: failure(status) }),
    instead(`${status} as a page`, {
      status,
      headers: { 'content-type': 'text/html' },
      body: page,
    }),
    instead(`${status} without a body`, { status, headers: {}, body: Buffer.alloc(0) }),
  ])
}

/** What a server asks whoever it refuses to wait for. */
const WAITS = [
  '0',
  '-1',
  '1e9',
  '86400',
  'soon',
  '',
  '0.001',
  'NaN',
  'Wed, 21 Oct 2015 07:28:00 GMT',
  'Thu, 31 Dec 9999 23:59:59 GMT',
  '99999999999999999999',
]

function hints(): WireFault[] {
  const infos: unknown[] = [
    '-5s',
    '1e99s',
    'NaNs',
    '0s',
    '9007199254740993s',
    '1.2.3s',
    null,
    {},
    [],
    7,
    '5 minutes',
  ]
  const type = 'type.googleapis.com/google.rpc.RetryInfo'
  return [
    ...WAITS.flatMap((after) =>
      [429, 503].map((status) =>
        instead(`${status} and Retry-After: ${after}`, {
          status,
          headers: { ...JSON_TYPE, 'retry-after': after },
          body: failure(status),
        }),
      ),
    ),
    ...infos.map((retryDelay) =>
      instead(`429 and RetryInfo ${JSON.stringify(retryDelay)}`, {
        status: 429,
        headers: JSON_TYPE,
        body: failure(429, {
          status: 'RESOURCE_EXHAUSTED',
          details: [{ '@type': type, retryDelay }],
        }),
      }),
    ),
    ...[
      null,
      'text',
      [],
      { message: null },
      { message: { a: 1 } },
      { code: 'x', details: 'none' },
      { details: [null, 7, {}] },
    ].map((error) =>
      instead(`500 and the error ${JSON.stringify(error)}`, {
        status: 500,
        headers: JSON_TYPE,
        body: Buffer.from(JSON.stringify({ error })),
      }),
    ),
  ]
}

function redirects(): WireFault[] {
  const targets = [
    'https://elsewhere.invalid/',
    '/',
    '//',
    'javascript:alert(1)',
    'http://[::1',
    '%',
    `https://a.invalid/${'a'.repeat(9000)}`,
  ]
  return [300, 301, 302, 303, 304, 305, 307, 308].flatMap((status) => [
    instead(`${status} to nowhere`, { status, headers: {}, body: Buffer.alloc(0) }),
    ...targets.map((location) =>
      instead(`${status} to ${location.slice(0, 30)}`, {
        status,
        headers: { location },
        body: Buffer.alloc(0),
      }),
    ),
  ])
}

/** Connections that end early. */
function broken(): WireFault[] {
  const cuts = [
    ['within the status line', 5],
    ['within the headers', 40],
  ] as const
  return [
    fault('reset before anything is done', 'nothing', (socket) => void socket.resetAndDestroy()),
    fault('closed before anything is done', 'nothing', (socket) => void socket.end()),
    fault('reset in the place of the answer', 'nothing', async (socket, good) => {
      await good()
      socket.resetAndDestroy()
    }),
    ...cuts.flatMap(([where, count]) => [
      raw(`closed ${where}`, 'nothing', (answer) => bytesOf(answer).subarray(0, count)),
      raw(`reset ${where}`, 'nothing', (answer) => bytesOf(answer).subarray(0, count), 'reset'),
    ]),
    ...[0, 0.01, 0.5, 0.99].flatMap((share) => {
      const part = (answer: Answer): Buffer => {
        const bytes = bytesOf(answer)
        const head = bytes.length - answer.body.length
        return bytes.subarray(0, head + Math.floor(share * answer.body.length))
      }
      return [
        raw(`closed after ${share * 100} % of the body`, 'nothing', part),
        raw(`reset after ${share * 100} % of the body`, 'nothing', part, 'reset'),
      ]
    }),
    raw('closed a byte before the end', 'nothing', (answer) => bytesOf(answer).subarray(0, -1)),
  ]
}

/** Connections on which nothing comes any more. */
function silent(): WireFault[] {
  const part = (name: string, bytesFrom: (answer: Answer) => Buffer): WireFault => ({
    name,
    arrives: 'nothing',
    isTimed: true,
    apply: async (socket, good) => void socket.write(bytesFrom(await good())),
  })
  return [
    { name: 'silence', arrives: 'nothing', isTimed: true, apply: () => undefined },
    part('silence within the headers', (answer) => bytesOf(answer).subarray(0, 30)),
    part('silence after the headers', ({ status, headers, body }) =>
      headOf(status, { ...headers, 'content-length': String(body.length) }),
    ),
    part('silence within the body', (answer) => bytesOf(answer).subarray(0, -100)),
    part('silence where more is promised', ({ status, headers, body }) =>
      Buffer.concat([
        headOf(status, { ...headers, 'content-length': String(body.length + 9) }),
        body,
      ]),
    ),
    part('silence before the last chunk', (answer) => chunked(answer).subarray(0, -5)),
    {
      name: 'promises without an end (102)',
      arrives: 'nothing',
      isTimed: true,
      apply: async (socket) => {
        while (!socket.destroyed) {
          socket.write('HTTP/1.1 102 Processing\r\n\r\n')
          await wait(20)
        }
      },
    },
    {
      name: 'headers without an end',
      arrives: 'nothing',
      isTimed: true,
      apply: async (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n')
        for (let n = 0; !socket.destroyed && n < 200; n += 1) {
          socket.write(`x-${n}: a\r\n`)
          await wait(20)
        }
      },
    },
  ]
}

function chunked({ status, headers, body }: Answer, size = 1000): Buffer {
  const chunks: Buffer[] = [headOf(status, { ...headers, 'transfer-encoding': 'chunked' })]
  for (let at = 0; at < body.length; at += size) {
    const chunk = body.subarray(at, at + size)
    chunks.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'))
  }
  return Buffer.concat([...chunks, Buffer.from('0\r\n\r\n')])
}

/** Answers that HTTP has other rules for. */
function misframed(): WireFault[] {
  const framed = (
    name: string,
    arrives: WireFault['arrives'],
    headers: (body: Buffer) => string,
  ): WireFault =>
    raw(name, arrives, ({ body }) =>
      Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${headers(body)}\r\n`, 'latin1'), body]),
    )
  const length = (body: Buffer): string => `content-length: ${body.length}\r\n`
  return [
    framed('a body up to the end of the connection', 'whole', () => ''),
    raw('HTTP/1.0', 'whole', ({ body }) =>
      Buffer.concat([Buffer.from('HTTP/1.0 200 OK\r\n\r\n'), body]),
    ),
    raw('chunks', 'whole', (answer) => chunked(answer)),
    raw('chunks of one byte', 'whole', (answer) => chunked(answer, 1)),
    raw('chunks without an end', 'nothing', (answer) => chunked(answer).subarray(0, -5)),
    raw('a chunk with a size that is none', 'nothing', ({ status, headers }) =>
      Buffer.concat([
        headOf(status, { ...headers, 'transfer-encoding': 'chunked' }),
        Buffer.from('xyz\r\n'),
      ]),
    ),
    framed(
      'a length and chunks',
      'nothing',
      (body) => `${length(body)}transfer-encoding: chunked\r\n`,
    ),
    framed('two lengths', 'nothing', (body) => `${length(body)}content-length: 5\r\n`),
    framed('the same length twice', 'perhaps', (body) => length(body).repeat(2)),
    framed('a negative length', 'nothing', () => 'content-length: -5\r\n'),
    framed('a length that is text', 'nothing', () => 'content-length: many\r\n'),
    framed('a length that is too small', 'nothing', () => 'content-length: 100\r\n'),
    framed(
      'more headers than anyone reads',
      'perhaps',
      (body) => `${length(body)}${'x: y\r\n'.repeat(3000)}`,
    ),
    framed(
      'a header that is too long',
      'perhaps',
      (body) => `${length(body)}x: ${'y'.repeat(40_000)}\r\n`,
    ),
    framed('a header without a colon', 'perhaps', (body) => `${length(body)}hello\r\n`),
    framed('a header with a zero byte', 'perhaps', (body) => `${length(body)}x: \0\r\n`),
    framed('a header in Latin-1', 'whole', (body) => `${length(body)}x-name: caf\u00E9\r\n`),
    framed(
      'a hundred cookies',
      'whole',
      (body) => `${length(body)}${'set-cookie: a=b\r\n'.repeat(100)}`,
    ),
    framed('no type', 'whole', length),
  ]
}

/** What is no HTTP, and answers with something around them. */
function surrounded(): WireFault[] {
  const nonsense = (name: string, bytes: string | Buffer): WireFault =>
    raw(name, 'nothing', () => Buffer.from(bytes))
  return [
    nonsense('an empty line', '\r\n\r\n'),
    nonsense('noise', Buffer.from(Array.from({ length: 4000 }, (_, index) => (index * 151) % 256))),
    nonsense('TLS', Buffer.from('150303000202280a', 'hex')),
    nonsense('HTTP/2', Buffer.from('000012040000000000000300000064', 'hex')),
    nonsense('SSH', 'SSH-2.0-OpenSSH_9.9\r\n'),
    nonsense('a status line without a status', 'HTTP/1.1\r\n\r\n'),
    nonsense('a status that is text', 'HTTP/1.1 okay\r\n\r\n'),
    nonsense('a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'),
    raw('an answer twice', 'whole', (answer) => Buffer.concat([bytesOf(answer), bytesOf(answer)])),
    raw('an answer and noise', 'whole', (answer) =>
      Buffer.concat([bytesOf(answer), Buffer.from('noise')]),
    ),
    raw('early hints (103)', 'whole', (answer) =>
      Buffer.concat([
        Buffer.from('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'),
        bytesOf(answer),
      ]),
    ),
    raw('a hundred times 102', 'whole', (answer) =>
      Buffer.concat([Buffer.from('HTTP/1.1 102 Processing\r\n\r\n'.repeat(100)), bytesOf(answer)]),
    ),
    fault('in a thousand drops', 'whole', async (socket, good) => {
      const bytes = bytesOf(await good())
      const size = Math.ceil(bytes.length / 1000)
      for (let at = 0; at < bytes.length && !socket.destroyed; at += size) {
        socket.write(bytes.subarray(at, at + size))
        if (at % (size * 50) === 0) await wait(1)
      }
      socket.end()
    }),
  ]
}

function encoded(): WireFault[] {
  const as = (
    name: string,
    encoding: string,
    encode: (body: Buffer) => Buffer,
    arrives: WireFault['arrives'],
  ): WireFault =>
    changed(name, arrives, ({ headers, body }) => ({
      headers: { ...headers, 'content-encoding': encoding },
      body: encode(body),
    }))
  const same = (body: Buffer): Buffer => body
  return [
    as('gzip', 'gzip', gzipSync, 'whole'),
    as('deflate', 'deflate', deflateSync, 'whole'),
    as('brotli', 'br', brotliCompressSync, 'whole'),
    as('zstd', 'zstd', zstdCompressSync, 'perhaps'),
    as('gzip in gzip', 'gzip, gzip', (body) => gzipSync(gzipSync(body)), 'perhaps'),
    as('what is called gzip and is not', 'gzip', same, 'nothing'),
    as('what is called brotli and is not', 'br', same, 'nothing'),
    as('an encoding that does not exist', 'rot13', same, 'perhaps'),
    as('"identity"', 'identity', same, 'whole'),
    as('half of a gzip', 'gzip', (body) => gzipSync(body).subarray(0, -200), 'nothing'),
    as(
      'gzip with noise behind it',
      'gzip',
      (body) => Buffer.concat([gzipSync(body), Buffer.from('noise')]),
      'perhaps',
    ),
    as('gzip that nobody says', 'identity', gzipSync, 'nothing'),
    as('a bomb', 'gzip', () => gzipSync(Buffer.alloc(30_000_000, ' ')), 'nothing'),
  ]
}

/** Answers under another type or status. */
function labelled(): WireFault[] {
  const type = (name: string): WireFault =>
    changed(`the type ${name}`, 'whole', ({ headers }) => ({
      headers: { ...headers, 'content-type': name },
    }))
  return [
    ...[
      'text/plain',
      'text/html',
      'application/octet-stream',
      'image/png',
      'nonsense',
      'application/json; charset=utf-16',
    ].map(type),
    ...[200, 201, 202, 203, 204, 205, 206, 207, 226, 299].map((status) =>
      changed(`${status} without a body`, 'nothing', () => ({ status, body: Buffer.alloc(0) })),
    ),
    ...[201, 202, 203, 206, 299].map((status) =>
      changed(`${status} with the answer`, 'whole', () => ({ status })),
    ),
  ]
}

function body(
  name: string,
  arrives: WireFault['arrives'],
  change: (all: Buffer) => Buffer | string,
): WireFault {
  return changed(name, arrives, (answer) => ({ body: Buffer.from(change(answer.body)) }))
}

/** Bodies that hold the answer in a form that JSON has not. */
function disguised(): WireFault[] {
  return [
    body('a mark of its byte order', 'whole', (all) => Buffer.concat([Buffer.from('\uFEFF'), all])),
    body('UTF-16', 'nothing', (all) => Buffer.from(`\uFEFF${String(all)}`, 'utf16le')),
    body('bytes that are no UTF-8', 'nothing', (all) =>
      Buffer.concat([Buffer.from([0xff, 0xfe, 0xc0]), all]),
    ),
    body('zero bytes before it', 'nothing', (all) => Buffer.concat([Buffer.alloc(10), all])),
    body('a prefix against XSSI', 'perhaps', (all) => `)]}'\n${String(all)}`),
    body('an event stream', 'perhaps', (all) => `data: ${String(all)}\n\n`),
    body('a call of a function', 'perhaps', (all) => `callback(${String(all)})`),
    body('JSON in JSON', 'perhaps', (all) => JSON.stringify(String(all))),
    body('JSON in base64', 'perhaps', (all) => all.toString('base64')),
    body('a list of it', 'whole', (all) => `[${String(all)}]`),
    body('a list of it twice', 'perhaps', (all) => `[${String(all)},${String(all)}]`),
    body('it twice', 'perhaps', (all) => `${String(all)}\n${String(all)}`),
    body('noise behind it', 'perhaps', (all) => `${String(all)}noise`),
    body('lines behind it', 'whole', (all) => `${String(all)}\r\n\r\n\t  `),
    body('NaN in it', 'perhaps', (all) => String(all).replace('{', '{"x":NaN,')),
    body('a comment before it', 'perhaps', (all) => `/* ok */${String(all)}`),
    body('a prototype in it', 'whole', (all) =>
      String(all).replace('{', '{"__proto__":{"x":1},"constructor":null,'),
    ),
  ]
}

/** Bodies that are no answer. */
function hollow(): WireFault[] {
  return [
    ...[
      'null',
      'true',
      '0',
      '""',
      '[]',
      '[[]]',
      '{}',
      '{"a"',
      '"text"',
      '[null]',
      '{"candidates":[]}',
      '{"steps":[]}',
      '{"data":[]}',
      '{"error":null}',
      '{"error":{}}',
      '{"error":"no"}',
      ' ',
    ].map((text) => body(`nothing but ${text}`, 'nothing', () => text)),
    body('a picture in the place of JSON', 'nothing', () =>
      Buffer.from('ffd8ffe000104a46494600010100', 'hex'),
    ),
  ]
}

/** Answers that are far too large, or too deep. */
function swollen(): WireFault[] {
  const beside = (name: string, value: string): WireFault =>
    changed(name, 'whole', ({ body }) => ({
      body: Buffer.from(String(body).replace('{', `{"x":${value},`)),
    }))
  return [
    beside('ten megabytes of text beside it', JSON.stringify('a'.repeat(10_000_000))),
    beside('ten thousand lists in lists beside it', '['.repeat(10_000) + ']'.repeat(10_000)),
    beside(
      'ten thousand objects in objects beside it',
      '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000),
    ),
    beside(
      'fifty thousand keys beside it',
      JSON.stringify(
        Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`k${index}`, index])),
      ),
    ),
    beside('a number of a thousand digits beside it', '1'.repeat(1000)),
    changed('two megabytes of blanks before it', 'whole', ({ body }) => ({
      body: Buffer.concat([Buffer.alloc(2_000_000, ' '), body]),
    })),
    instead('500 and ten megabytes', {
      status: 500,
      headers: JSON_TYPE,
      body: failure(500, { message: 'a'.repeat(10_000_000) }),
    }),
    instead('400 and a thousand lines', {
      status: 400,
      headers: JSON_TYPE,
      body: failure(400, { message: 'a\n::error::b\u001B[31m\u202E'.repeat(1000) }),
    }),
  ]
}

/** What can go wrong between a server and whoever asks it, whatever the answer is about. */
export const WIRE_FAULTS: readonly WireFault[] = [
  ...statuses(),
  ...hints(),
  ...redirects(),
  ...broken(),
  ...silent(),
  ...misframed(),
  ...surrounded(),
  ...encoded(),
]

/** What a server can put in the place of an answer, or around it. */
export const BODY_FAULTS: readonly WireFault[] = [
  ...labelled(),
  ...disguised(),
  ...hollow(),
  ...swollen(),
]
