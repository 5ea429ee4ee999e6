import { xmpPacket, type LabelFacts } from '@gemini-image/core/xmp'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPacket } from '../support/xmp.ts'

const FACTS: LabelFacts = {
  sourceType: 'trainedAlgorithmicMedia',
  model: 'gemini-3.1-flash-image',
  created: '2026-11-21T10:00:00Z',
}
const IPTC = 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/'
const PHOTOSHOP = 'http://ns.adobe.com/photoshop/1.0/'

test('the packet holds IPTC’s properties in their own namespaces, and no more', () => {
  expect(readPacket(xmpPacket(FACTS))).toEqual({
    [`${IPTC}DigitalSourceType`]:
      'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
    [`${IPTC}AISystemUsed`]: 'gemini-3.1-flash-image',
    [`${PHOTOSHOP}DateCreated`]: '2026-11-21T10:00:00Z',
  })
  expect(readPacket(xmpPacket({ ...FACTS, prompt: 'A red kite' }))).toMatchObject({
    [`${IPTC}AIPromptInformation`]: 'A red kite',
  })
})

/** Code points that XML 1.0 names in 2.2, "Char"; what it does not name is told as U+FFFD. */
function inXml(text: string): string {
  return [...text]
    .map((character) => {
      const code = character.codePointAt(0) ?? 0
      const isCharacter =
        [0x9, 0xa, 0xd].includes(code) ||
        (code >= 0x20 && code <= 0xd7ff) ||
        (code >= 0xe000 && code <= 0xfffd) ||
        code >= 0x10000
      return isCharacter ? character : '\uFFFD'
    })
    .join('')
}

test('an XML parser reads back any prompt and model as they were', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom('&', '<', '>', ']]>', '&#x0;', '\r', '\n', '\t', ' ', '"', "'", '\0'),
    }),
    // Halves of characters as well.
    fc.array(fc.nat({ max: 0xffff })).map((units) => String.fromCharCode(...units)),
  )
  fc.assert(
    fc.property(text, text, (prompt, model) => {
      const read = readPacket(xmpPacket({ ...FACTS, model, prompt }))
      expect(read[`${IPTC}AIPromptInformation`]).toBe(inXml(prompt))
      expect(read[`${IPTC}AISystemUsed`]).toBe(inXml(model))
    }),
    { numRuns: 500 },
  )
})

test('a prompt that no JPEG segment holds is left out, the label stays', () => {
  const read = readPacket(xmpPacket({ ...FACTS, prompt: 'é'.repeat(40_000) }))
  expect(Object.keys(read)).toHaveLength(3)
  const most = xmpPacket({ ...FACTS, prompt: 'x'.repeat(64_000) })
  expect(Object.keys(readPacket(most))).toHaveLength(4)
})
