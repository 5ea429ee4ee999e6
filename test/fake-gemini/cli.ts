import { parseArgs } from 'node:util'
import { drawingStyles } from './drawing.ts'
import { startFakeGemini, type RecordedRequest } from './server.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    latency: { type: 'string', default: '0' },
    drawing: { type: 'string', default: 'swatch' },
    'batch-polls': { type: 'string', default: '2' },
    'batch-delay': { type: 'string', default: '0' },
    log: { type: 'boolean', default: false },
  },
})

/** Headers stay out: they hold the caller's key. */
function print(request: RecordedRequest): void {
  const { method, path, route, model, prompt, startedAt, endedAt, outcome } = request
  const line = { method, path, route, model, prompt, startedAt, endedAt, outcome }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

const fake = await startFakeGemini({
  port: Number(values.port),
  latency: Number(values.latency),
  drawing: drawingStyles.find((style) => style === values.drawing) ?? 'swatch',
  batch: { polls: Number(values['batch-polls']), delay: Number(values['batch-delay']) },
  ...(values.log ? { onEnd: print } : {}),
})
process.stdout.write(`fake Gemini at ${fake.url}\n`)

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void fake.close())
}
