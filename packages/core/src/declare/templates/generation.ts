import { optional, required, paragraph, quoted, say, type TemplatesOf } from './template.ts'

/** The slots of the templates that make a picture from words alone. */
export interface GenerationSlots {
  'photorealistic-scene': {
    readonly subject: string
    readonly shot?: string
    readonly lighting?: string
    readonly lens?: string
    readonly mood?: string
  }
  sticker: {
    readonly subject: string
    readonly style?: string
    readonly palette?: string
    readonly background?: string
  }
  'text-in-image': {
    readonly kind: string
    readonly text: string
    readonly font?: string
    readonly design?: string
    readonly palette?: string
  }
  'product-mockup': {
    readonly product: string
    readonly surface?: string
    readonly lighting?: string
    readonly angle?: string
    readonly feature?: string
  }
  'negative-space': {
    readonly subject: string
    readonly position: string
    readonly background?: string
    readonly lighting?: string
  }
  'comic-panel': {
    readonly character: string
    readonly scene: string
    readonly style?: string
    readonly dialogue?: string
    readonly caption?: string
  }
  'grounded-graphic': {
    readonly topic: string
    readonly lookUp: string
    readonly style?: string
    readonly layout?: string
  }
}

/** What each of these needs. */
const FROM_WORDS = { leastReferences: 0, needsGrounding: false } as const

export const GENERATION: TemplatesOf<GenerationSlots> = {
  'photorealistic-scene': {
    purpose: 'A scene that looks like a photograph',
    slots: {
      subject: required('Who or what is seen, doing what and where: "an old potter at her wheel"'),
      shot: optional('How it is framed: "a close-up portrait"'),
      lighting: optional('The light: "low evening sun through a dusty window"'),
      lens: optional('The lens and what it does: "an 85mm with a blurred background"'),
      mood: optional('What it feels like: "calm and absorbed"'),
    },
    ...FROM_WORDS,
    write: ({ subject, shot, lighting, lens, mood }) =>
      paragraph(
        say`Make a photograph, true to life in every texture, that shows ${subject}`,
        say`The shot is ${shot}`,
        say`The light is ${lighting}`,
        say`The lens is ${lens}`,
        say`The mood is ${mood}`,
      ),
  },
  sticker: {
    purpose: 'A sticker or an icon to be cut out',
    slots: {
      subject: required('What it shows: "a red panda eating bamboo"'),
      style: optional('How it is drawn: "flat shapes with bold outlines"'),
      palette: optional('Its colours: "warm oranges and a deep green"'),
      background: optional('What lies behind it: "pale grey"; plain white if not said'),
    },
    ...FROM_WORDS,
    write: ({ subject, style, palette, background }) =>
      paragraph(
        say`Draw one sticker with a clean edge all around, showing ${subject}`,
        say`The style is ${style}`,
        say`The colours are ${palette}`,
        say`The background is ${background}` ?? 'The background is plain white',
      ),
  },
  'text-in-image': {
    purpose: 'A logo, a poster or another picture with words in it',
    slots: {
      kind: required('What kind of picture it is: "a logo for a coffee bar"'),
      text: required('The words, letter for letter: "The Daily Grind"'),
      font: optional('What the letters look like: "a bold, rounded sans-serif"'),
      design: optional('What surrounds the words: "a ring of coffee beans"'),
      palette: optional('The colours: "black on cream"'),
    },
    ...FROM_WORDS,
    write: ({ kind, text, font, design, palette }) =>
      paragraph(
        say`Design ${kind}`,
        say`It carries the words ${quoted(text)}, spelled exactly so and easy to read, and no others`,
        say`The lettering is ${font}`,
        say`The design is ${design}`,
        say`The colours are ${palette}`,
      ),
  },
  'product-mockup': {
    purpose: 'A product as a studio would photograph it for a shop',
    slots: {
      product: required('The product: "a matt black ceramic mug"'),
      surface: optional('What it stands on: "a slab of polished concrete"'),
      lighting: optional('The light: "even, from three soft boxes"'),
      angle: optional('Where the camera looks from: "slightly above, at 45 degrees"'),
      feature: optional('What has to catch the eye: "the steam off the coffee"'),
    },
    ...FROM_WORDS,
    write: ({ product, surface, lighting, angle, feature }) =>
      paragraph(
        say`Make a crisp studio photograph, fit for a shop's catalogue, of ${product}`,
        say`The surface under it is ${surface}`,
        say`The light is ${lighting}`,
        say`The camera angle is ${angle}`,
        say`The sharpest focus is on ${feature}`,
      ),
  },
  'negative-space': {
    purpose: 'A small subject and much empty room, to lay text over',
    slots: {
      subject: required('The one thing to be seen: "a single red maple leaf"'),
      position: required('Where in the frame it is: "bottom right corner"'),
      background: optional('The colour of the rest: "off-white"'),
      lighting: optional('The light: "soft, from the top left"'),
    },
    ...FROM_WORDS,
    write: ({ subject, position, background, lighting }) =>
      paragraph(
        say`Compose a minimalist picture whose only subject is ${subject}`,
        say`It sits at this place in the frame: ${position}`,
        'Everything around it stays empty, as room for text to be laid over later',
        say`The empty area is one even colour: ${background}`,
        say`The light is ${lighting}`,
      ),
  },
  'comic-panel': {
    purpose: 'One panel of a comic',
    slots: {
      character: required('Who is in it: "a detective in a wet trench coat"'),
      scene: required('What happens, and where: "a neon sign flickers over an empty alley"'),
      style: optional('How it is drawn: "noir, in hard black and white"'),
      dialogue: optional('What the speech bubble says: "I should have known."'),
      caption: optional('What the caption box says: "Later that night"'),
    },
    ...FROM_WORDS,
    write: ({ character, scene, style, dialogue, caption }) =>
      paragraph(
        say`Draw a single comic panel with ${character}`,
        say`What the panel shows happening: ${scene}`,
        say`The art style is ${style}`,
        say`The words ${quoted(dialogue)} stand in a speech bubble, letter for letter`,
        say`The words ${quoted(caption)} stand in a caption box, letter for letter`,
      ),
  },
  'grounded-graphic': {
    purpose: 'A graphic of facts that the model looks up on the web',
    slots: {
      topic: required('What it is about: "the weather in Lisbon this week"'),
      lookUp: required('What to look up: "the forecast of each of the next five days"'),
      style: optional('What it looks like: "a clean chart with flat icons"'),
      layout: optional('What goes where: "one column a day, dates on top"'),
    },
    ...FROM_WORDS,
    needsGrounding: true,
    write: ({ topic, lookUp, style, layout }) =>
      paragraph(
        say`Search the web first, and look up ${lookUp}`,
        say`Then make a graphic about ${topic}, showing only facts and figures that you found`,
        say`The style is ${style}`,
        say`The layout is ${layout}`,
      ),
  },
}
