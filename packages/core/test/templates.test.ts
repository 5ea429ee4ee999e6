import { hash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Slot } from '../src/declare/templates/template.ts'
import {
  checkSlots,
  isTemplateName,
  renderTemplate,
  TEMPLATES,
  type TemplateName,
  type TemplateSlots,
} from '../src/declare/templates/templates.ts'
import { FIRST_RENDERINGS, type FirstRendering } from './support/first-renderings.ts'

const NAMES = Object.keys(TEMPLATES).filter(isTemplateName)

/** What each template makes of the examples of all its slots, and of the required ones. */
const PROMPTS: Record<TemplateName, readonly [string, string]> = {
  'photorealistic-scene': [
    'Make a photograph, true to life in every texture, that shows an old potter at her wheel. What happens in it: she smiles at a finished bowl. The place is a workshop full of shelves. The shot is a close-up portrait. The camera angle is low, from the height of the wheel. The light is low evening sun through a dusty window. The lens is an 85mm with a blurred background. The textures and details that stand out are wet clay and the grain of old wood. The mood is calm and absorbed.',
    'Make a photograph, true to life in every texture, that shows an old potter at her wheel.',
  ],
  sticker: [
    'Draw one sticker with a clean edge all around, showing a red panda eating bamboo. What it is doing: it waves with one paw. Its features are a tiny bamboo hat and a striped tail. The style is flat shapes with bold outlines. The lines are thick, clean and of one width. The shading is two flat tones, as in a cel. The colours are warm oranges and a deep green. The background is pale grey.',
    'Draw one sticker with a clean edge all around, showing a red panda eating bamboo. The background is plain white.',
  ],
  'text-in-image': [
    'Design a logo for a coffee bar. It stands for a roastery that takes its time. It carries the words "The Daily Grind", spelled exactly so and easy to read, and no others. The lettering is a bold, rounded sans-serif. The design is a ring of coffee beans. The colours are black on cream.',
    'Design a logo for a coffee bar. It carries the words "The Daily Grind", spelled exactly so and easy to read, and no others.',
  ],
  'product-mockup': [
    `Make a crisp studio photograph, fit for a shop's catalogue, of a matt black ceramic mug. The surface under it is a slab of polished concrete. The light is even, from three soft boxes. The purpose of the light is soft highlights and no hard shadows. The camera angle is slightly above, at 45 degrees. The angle shows off the clean line of the handle. The sharpest focus is on the steam off the coffee.`,
    `Make a crisp studio photograph, fit for a shop's catalogue, of a matt black ceramic mug.`,
  ],
  'negative-space': [
    'Compose a minimalist picture whose only subject is a single red maple leaf. It sits at this place in the frame: bottom right corner. Everything around it stays empty, as room for text to be laid over later. The empty area is one even colour: off-white. The light is soft, from the top left.',
    'Compose a minimalist picture whose only subject is a single red maple leaf. It sits at this place in the frame: bottom right corner. Everything around it stays empty, as room for text to be laid over later.',
  ],
  'comic-panel': [
    'Draw a single comic panel with a detective in a wet trench coat. What the panel shows happening: a neon sign flickers over an empty alley. In the background is a skyline in the rain. The art style is noir, in hard black and white. The words "I should have known." stand in a speech bubble, letter for letter. The words "Later that night" stand in a caption box, letter for letter. The light makes the mood sombre and tense.',
    'Draw a single comic panel with a detective in a wet trench coat. What the panel shows happening: a neon sign flickers over an empty alley.',
  ],
  'grounded-graphic': [
    'Search the web first, and look up the forecast of each of the next five days. Then make a graphic about the weather in Lisbon this week, showing only facts and figures that you found. The style is a clean chart with flat icons. The layout is one column a day, dates on top.',
    'Search the web first, and look up the forecast of each of the next five days. Then make a graphic about the weather in Lisbon this week, showing only facts and figures that you found.',
  ],
  'add-or-remove': [
    'The picture provided shows my cat on a window sill. Start from the picture provided and make this one change: add a knitted hat to the cat. The change has to fit in like this: the hat casts the same soft shadow as the ears. Take special care not to alter the pose of the cat.',
    'Start from the picture provided and make this one change: add a knitted hat to the cat. The change has to match the light, the perspective and the style of the picture.',
  ],
  inpaint: [
    'Edit one part only of the picture provided: the blue sofa. In its place, show a brown leather armchair. Outside that part nothing may change, above all the cushions and the light.',
    'Edit one part only of the picture provided: the blue sofa. In its place, show a brown leather armchair. Outside that part nothing may change.',
  ],
  'style-transfer': [
    'The picture provided shows a street at night. Redraw the picture provided in this style: a woodblock print of the Edo period. The style shows in flat areas of ink and visible grain. This has to stay as in the original: the street and where the cars are.',
    'Redraw the picture provided in this style: a woodblock print of the Edo period. Everything stays where it is in the original.',
  ],
  combine: [
    'From the pictures provided, take these elements: the dress of the first, the woman of the second. Bring them together in one new picture: the woman wears the dress in a park. The light on all of them is overcast noon. This has to stay exactly as in the originals: the pattern of the dress.',
    'From the pictures provided, take these elements: the dress of the first, the woman of the second. Bring them together in one new picture: the woman wears the dress in a park. Light, shadows and scale agree, as if it had been one picture from the start.',
  ],
  'preserve-detail': [
    'Work from the reference provided and make this change: put the logo on her T-shirt. Look closely at the face of the woman, of which this has to stay exactly as it is: the features and the expression. The change has to fit in like this: the logo follows the folds of the cloth.',
    'Work from the reference provided and make this change: put the logo on her T-shirt. Look closely at the face of the woman, of which this has to stay exactly as it is: the features and the expression.',
  ],
  'sketch-to-photo': [
    'Turn the sketch provided into a finished photograph of a two-door sports car. The sketch is drawn with a soft pencil. The photograph looks polished, as in a brochure. The materials and finish are dark blue metallic paint. The setting is a showroom with a wet floor. This has to stay as in the sketch: the low roof line.',
    'Turn the sketch provided into a finished photograph of a two-door sports car. Shapes and proportions have to stay as in the sketch.',
  ],
  'turn-around': [
    'From the picture provided, show again the man with the glasses. The view is now this one: profile facing right. The background is plain white. It is plainly the same subject, down to the scar and the haircut.',
    'From the picture provided, show again the man with the glasses. The view is now this one: profile facing right. It is plainly the same subject, in every feature and colour.',
  ],
  'comic-strip': [
    'Draw a comic of four panels, to be read from left to right. Its main character is the one in the picture provided, the same in every panel, down to the white glasses. What the panels tell: he slips on a banana skin, and bows. The art style is noir, in hard black and white. The words "It was the fruit." stand in a speech bubble, letter for letter. The mood is dry and absurd.',
    'Draw a comic of three panels, to be read from left to right. Its main character is the one in the picture provided, the same in every panel. What the panels tell: he slips on a banana skin, and bows.',
  ],
}

function slotsOf(name: TemplateName): [string, Slot][] {
  return Object.entries<Slot>(TEMPLATES[name].slots)
}

function render(name: TemplateName, slots: Record<string, string>): string {
  expect(checkSlots(name, slots)).toEqual([])
  return renderTemplate(name, slots as TemplateSlots[TemplateName])
}

/** The example that a slot's own description gives. */
function example(slot: Slot): string {
  return /: "(?<text>[^"]+)"/u.exec(slot.describe)?.groups?.['text'] ?? 'no example'
}

function examples(name: TemplateName, wanted: (slot: Slot) => boolean): Record<string, string> {
  const chosen = slotsOf(name).filter(([, slot]) => wanted(slot))
  return Object.fromEntries(chosen.map(([key, slot]) => [key, example(slot)]))
}

test('there are seven templates for generating and eight for editing', () => {
  const least = (count: number) => NAMES.filter((name) => TEMPLATES[name].leastReferences === count)
  expect(least(0)).toEqual([
    'photorealistic-scene',
    'sticker',
    'text-in-image',
    'product-mockup',
    'negative-space',
    'comic-panel',
    'grounded-graphic',
  ])
  expect(least(1)).toEqual([
    'add-or-remove',
    'inpaint',
    'style-transfer',
    'preserve-detail',
    'sketch-to-photo',
    'turn-around',
    'comic-strip',
  ])
  expect(least(2)).toEqual(['combine'])
  expect(NAMES.filter((name) => TEMPLATES[name].needsGrounding)).toEqual(['grounded-graphic'])
})

describe.each(NAMES)('%s', (name) => {
  test('reads well with the examples in all of its slots, and in the required ones', () => {
    const all = examples(name, () => true)
    const required = examples(name, (slot) => slot.required)
    expect([render(name, all), render(name, required)]).toEqual(PROMPTS[name])
  })

  test('has a few slots, each with an example', () => {
    const all = slotsOf(name)
    const required = all.filter(([, slot]) => slot.required)
    expect(required.length).toBeGreaterThanOrEqual(1)
    expect(required.length).toBeLessThanOrEqual(3)
    expect(all.length - required.length).toBeGreaterThanOrEqual(1)
    expect(all.length - required.length).toBeLessThanOrEqual(8)
    for (const [key, slot] of all) {
      expect(key).toMatch(/^[a-z]+(?:[A-Z][a-z]+)?$/u)
      expect(example(slot)).not.toBe('no example')
    }
  })

  test('is one clean paragraph with every word given, whichever slots are filled', () => {
    const blank = fc.stringMatching(/^[ \t\r\n]{0,3}$/u)
    const words = fc.array(fc.stringMatching(/^[a-z]{2,8}$/u), { minLength: 1, maxLength: 6 })
    const text = fc.tuple(blank, words, fc.constantFrom(' ', '\n', '\r\n  '), blank)
    const filled = text.map(([before, list, gap, after]) => ({
      given: before + list.join(gap) + after,
      expected: list.join(' '),
    }))
    const empty = blank.map((given) => ({ given, expected: '' }))
    const model = Object.fromEntries(
      slotsOf(name).map(([key, slot]) => [key, slot.required ? filled : fc.oneof(filled, empty)]),
    )
    const requiredKeys = slotsOf(name).flatMap(([key, slot]) => (slot.required ? [key] : []))
    fc.assert(
      fc.property(fc.record(model, { requiredKeys }), (slots) => {
        const given = Object.entries(slots).flatMap(([key, slot]) =>
          slot ? [[key, slot.given]] : [],
        )
        const prompt = render(name, Object.fromEntries(given))
        expect(prompt).not.toMatch(/ {2}| ,| \.|\.\.|,,|undefined|[\r\n\t]|^\s/u)
        expect(prompt.endsWith('.')).toBe(true)
        for (const slot of Object.values(slots)) expect(prompt).toContain(slot?.expected)
      }),
    )
  })

  test('asks for each of its required slots', () => {
    const missing = slotsOf(name).flatMap(([slot, { required }]) =>
      required ? [{ kind: 'missing', slot }] : [],
    )
    expect(checkSlots(name, {})).toEqual(missing)
  })
})

/** Its texts for every combination of its optional slots. */
function combinations(name: TemplateName, { required, slots }: FirstRendering): readonly string[] {
  const optional = Object.keys(slots).filter((slot) => !required.includes(slot))
  const pick = (chosen: readonly string[]): Record<string, string> =>
    Object.fromEntries(chosen.map((slot) => [slot, slots[slot] ?? '']))
  return Array.from({ length: 2 ** optional.length }, (_, number) =>
    render(name, pick([...required, ...optional.filter((_slot, bit) => number & (1 << bit))])),
  )
}

test.for(Object.entries(FIRST_RENDERINGS))(
  '%s renders byte for byte as it did while none of its later slots is filled',
  ([name, first]) => {
    if (!isTemplateName(name)) throw new Error(`${name} is gone`)
    const texts = combinations(name, first)
    expect([texts[0], texts.at(-1)]).toEqual([first.shortest, first.longest])
    expect(hash('sha256', texts.join('\n'))).toBe(first.all)
  },
)

test('a slot brings its own full stop or not', () => {
  const prompt = renderTemplate('sticker', { subject: 'a fox.' })
  expect(prompt).toBe(renderTemplate('sticker', { subject: 'a fox' }))
})

test('words to be drawn keep their punctuation, in quote marks', () => {
  const panel = { character: 'a fox', scene: 'it waits' }
  expect(renderTemplate('text-in-image', { kind: 'a sign', text: ' Open\nlate. ' })).toContain(
    '"Open late."',
  )
  expect(renderTemplate('comic-panel', { ...panel, dialogue: 'Where?' })).toContain('"Where?"')
  expect(renderTemplate('comic-panel', { ...panel, caption: 'The "fox"' })).toContain('“The "fox"”')
})

test('text with marks of its own stands in the prompt as it is', () => {
  for (const subject of ['$& and $1', 'C:\\new\\table', '${style}', '`a`', '...']) {
    expect(renderTemplate('sticker', { subject })).toContain(subject)
  }
})

test('finds slots that are unknown, missing or not text', () => {
  expect(checkSlots('product-mockup', { surface: 3, colour: 'red' })).toEqual([
    { kind: 'not-text', slot: 'surface' },
    { kind: 'unknown', slot: 'colour' },
    { kind: 'missing', slot: 'product' },
  ])
  expect(checkSlots('product-mockup', { product: ' \n' })).toEqual([
    { kind: 'missing', slot: 'product' },
  ])
  expect(checkSlots('product-mockup', { product: null })).toEqual([
    { kind: 'not-text', slot: 'product' },
  ])
  expect(checkSlots('product-mockup', { product: 'a mug', toString: 'x' })).toEqual([
    { kind: 'unknown', slot: 'toString' },
  ])
})

test('knows the names of templates, and no others', () => {
  expect(isTemplateName('turn-around')).toBe(true)
  expect(isTemplateName('turnAround')).toBe(false)
  expect(isTemplateName('constructor')).toBe(false)
})
