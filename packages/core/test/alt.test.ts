import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { altInstruction, validateDraft, LONGEST_DRAFT } from '../src/generate/alt/instruction.ts'
import { isGeminiImageError } from '../src/kernel/errors/error.ts'
import { TEXT_MODELS } from '../src/providers/google/text-models.ts'
import { estimateText, priceText } from '../src/providers/models/text-models.ts'
import { readDescription } from '../src/providers/google/generate-content/description.ts'
import { scaleDown } from '../src/pixels/image.ts'

const PROMPT = 'A gull on a post,\nin the rain.'
const tokens = { input: 1, output: 1 }

/** What becomes of an answer: the draft, or the code of what is wrong with it. */
function validated(text: string, prompt = PROMPT): string {
  try {
    return validateDraft({ text, tokens }, prompt, { company: 'Google' })
  } catch (error) {
    if (!isGeminiImageError(error)) throw error
    return error.code
  }
}

describe('a draft', () => {
  test.for([
    ['is taken as it is', 'A gull sits on a wooden post.', 'A gull sits on a wooden post.'],
    ['loses the white space around it', '\n A gull. \n', 'A gull.'],
    ['may be in any language', 'Eine Möwe — «müde».', 'Eine Möwe — «müde».'],
    ['may be as long as is stated', 'ä'.repeat(LONGEST_DRAFT), 'ä'.repeat(LONGEST_DRAFT)],
    ['is not empty', ' \n', 'NO_DRAFT'],
    ['has one line', 'A gull.\nOn a post.', 'NO_DRAFT'],
    ['has one line, also for Unicode', 'A gull.\u2028On a post.', 'NO_DRAFT'],
    ['holds nothing that a terminal obeys', 'A gull.\u001B[2J', 'NO_DRAFT'],
    ['is no longer than that', 'a'.repeat(LONGEST_DRAFT + 1), 'NO_DRAFT'],
    ['is not the prompt', 'a gull on a post in the rain', 'NO_DRAFT'],
  ] as const)('%s', ([, text, expected]) => {
    expect(validated(text)).toBe(expected)
  })

  test('is never blank, long, of several lines or the prompt, whatever is answered', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.constant(PROMPT))
    fc.assert(
      fc.property(texts, texts, (text, prompt) => {
        const draft = validated(text, prompt)
        if (draft === 'NO_DRAFT') return
        expect(draft.trim()).not.toBe('')
        expect([...draft].length).toBeLessThanOrEqual(LONGEST_DRAFT)
        expect(draft.split(/[\r\n\u2028\u2029]/)).toHaveLength(1)
        expect(draft).not.toBe(prompt.trim())
      }),
    )
  })
})

describe('an answer', () => {
  const answer = (candidate: object): object => ({ candidates: [candidate] })
  const saying = (text: string): object => ({ content: { parts: [{ text }] } })

  test('is what was said, without thoughts, with all tokens', () => {
    const parts = [{ text: 'Hm.', thought: true }, { text: 'A ' }, { text: 'gull.' }]
    const usageMetadata = {
      promptTokenCount: 1300,
      candidatesTokenCount: 9,
      thoughtsTokenCount: 40,
    }
    const json = { ...answer({ content: { parts }, finishReason: 'STOP' }), usageMetadata }
    expect(readDescription(json)).toEqual({
      text: 'A gull.',
      tokens: { input: 1300, output: 49 },
    })
  })

  test.for([
    ['cut short', { ...saying('A gu'), finishReason: 'MAX_TOKENS' }, false],
    ['stopped by a filter', { finishReason: 'SAFETY' }, true],
    ['stopped by a filter that is new', { finishReason: 'IMAGE_NEW_SAFETY' }, true],
  ] as const)('that is %s says why', ([, candidate, isBlocked]) => {
    const { finishReason: reason } = candidate
    expect(readDescription(answer(candidate)).stopped).toEqual({ reason, isBlocked })
  })

  test('to a blocked prompt says so, and an empty one has no words', () => {
    const blocked = readDescription({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } })
    expect(blocked.stopped).toEqual({ reason: 'PROHIBITED_CONTENT', isBlocked: true })
    expect(readDescription({})).toEqual({ text: '' })
    expect(() => readDescription({ candidates: 'none' })).toThrow('BAD_ANSWER')
  })
})

test('the prompt is sent for its language alone, and not where a language is named', () => {
  expect(altInstruction(PROMPT, undefined)).toContain(JSON.stringify(PROMPT))
  expect(altInstruction(PROMPT, undefined)).toMatch(/language of the following text/)
  expect(altInstruction(PROMPT, 'de')).not.toContain('gull')
  expect(altInstruction(PROMPT, 'de')).toMatch(/language: de$/)
  expect(altInstruction('x'.repeat(9000), undefined).length).toBeLessThan(2000)
})

test.for(TEXT_MODELS)('no answer of $id costs more than was set aside', (model) => {
  const { least, most } = estimateText(model, 1000)
  // At most a token for each character, the picture, and as much as the request allows.
  const dearest = { input: 1000 + model.imageTokens, output: model.mostTokens }
  expect(priceText(model, dearest)).toBe(most)
  expect(least).toBeGreaterThan(0)
  expect(least).toBeLessThan(most)
})

describe('a copy of a picture', () => {
  const picture = (width: number, height: number): Promise<Buffer> =>
    sharp({ create: { width, height, channels: 4, background: '#36c8' } })
      .png()
      .toBuffer()

  test.for([
    ['a wide one', 3000, 1000, 'jpeg', 'jpeg 1024x341'],
    ['a high one', 500, 2000, 'webp', 'webp 256x1024'],
    ['a small one, which is not enlarged', 30, 20, 'webp', 'webp 30x20'],
  ] as const)('of %s', async ([, width, height, format, expected]) => {
    const { bytes, type } = await scaleDown(await picture(width, height), 1024, format)
    const facts = await sharp(bytes).metadata()
    expect(`${facts.format} ${facts.width}x${facts.height}`).toBe(expected)
    expect(type).toBe(`image/${format}`)
  })
})
