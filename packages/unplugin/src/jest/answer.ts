import { parentPort, type MessagePort } from 'node:worker_threads'
import { isGeminiImageError } from '@gemini-image/core/host'
import { JestProject } from './project.ts'
import type { Answer, Message, Question } from './worker.ts'

if (parentPort) listen(parentPort)

function listen(parent: MessagePort): void {
  const projects = new Map<string, Promise<JestProject>>()
  const answer = async (question: Question): Promise<Answer> => {
    const { root } = question
    const opening = projects.get(root) ?? JestProject.open(root)
    projects.set(root, opening)
    try {
      return { code: await (await opening).codeOf(question) }
    } catch (error) {
      const { message, stack } = error as Error
      return { problem: isGeminiImageError(error) ? message : (stack ?? message) }
    }
  }
  parent.on('message', async ({ question, port, signal }: Message) => {
    port.postMessage(await answer(question))
    Atomics.store(signal, 0, 1)
    Atomics.notify(signal, 0)
    port.close()
  })
}
