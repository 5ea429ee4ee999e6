import type { Transport } from '../transport.ts'
import { readAnswer } from './answer.ts'
import { toBody } from './body.ts'

/**
 * `models.generateContent`: stateless, one POST a picture.
 * @see https://ai.google.dev/api/generate-content
 */
export const generateContent: Transport = {
  path: ({ model }) => `models/${model.id}:generateContent`,
  body: toBody,
  read: (json, { request, model }) =>
    readAnswer(json, { askedModel: model.id, withText: request.output === 'text-and-image' }),
}
