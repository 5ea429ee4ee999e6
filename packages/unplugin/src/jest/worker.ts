import {
  MessageChannel,
  receiveMessageOnPort,
  Worker as Thread,
  type MessagePort,
} from 'node:worker_threads'
import type { Aliases } from './resolve.ts'

/** What an image import gives: its URL, or Next.js's `StaticImageData`. */
export type ImageKind = 'url' | 'next'

/** A file that Jest is about to run. */
export interface Question {
  readonly text: string
  /** Absolute path. */
  readonly file: string
  /** Whether it is run as an ECMAScript module. */
  readonly isModule: boolean
  /** Where the project begins. */
  readonly root: string
  /** Jest's own cache folder. */
  readonly cacheDirectory: string
  readonly image: ImageKind
  readonly aliases: Aliases
}

/** A question with what is needed to answer it. */
export interface Message {
  readonly question: Question
  readonly port: MessagePort
  /** Becomes 1 when the answer is at the port. */
  readonly signal: Int32Array
}

export type Answer = { readonly code: string } | { readonly problem: string }

/** Milliseconds; a project is opened in a tenth of one. */
const PATIENCE = 60_000

/** Jest transforms what is required while it waits, and a project is read asynchronously: a thread does that. */
export class Worker {
  #thread: Thread | undefined

  /** The code that stands in the place of a file. @throws {Error} what is wrong with a declaration. */
  ask(question: Question): string {
    const thread = (this.#thread ??= startThread())
    const { port1, port2 } = new MessageChannel()
    const signal = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
    thread.postMessage({ question, port: port2, signal } satisfies Message, [port2])
    Atomics.wait(signal, 0, 0, PATIENCE)
    const answer = receiveMessageOnPort(port1)?.message as Answer | undefined
    port1.close()
    if (!answer) throw new Error('gemini-image: the thread that reads pictures does not answer.')
    if ('problem' in answer) throw problemOf(answer.problem)
    return answer.code
  }
}

function startThread(): Thread {
  const thread = new Thread(new URL('jest-worker.js', import.meta.url))
  thread.unref()
  return thread
}

/** What is wrong is in the source, and no line of ours. */
function problemOf(message: string): Error {
  const error = new Error(message)
  error.stack = message
  return error
}
