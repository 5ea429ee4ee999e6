import { optional, required, paragraph, quoted, say, type TemplatesOf } from './template.ts'

/** The slots of the templates that make a picture from words alone. */
export interface GenerationSlots {
  'photorealistic-scene': {
    readonly subject: string
    readonly action?: string
    readonly environment?: string
    readonly shot?: string
    readonly angle?: string
    readonly lighting?: string
    readonly lens?: string
    readonly textures?: string
    readonly mood?: string
  }
  sticker: {
    readonly subject: string
    readonly action?: string
    readonly features?: string
    readonly style?: string
    readonly lines?: string
    readonly shading?: string
    readonly palette?: string
    readonly background?: string
  }
  'text-in-image': {
    readonly kind: string
    readonly text: string
    readonly brand?: string
    readonly font?: string
    readonly design?: string
    readonly palette?: string
  }
  'product-mockup': {
    readonly product: string
    readonly surface?: string
    readonly lighting?: string
    readonly purpose?: string
    readonly angle?: string
    readonly showcase?: string
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
    readonly environment?: string
    readonly style?: string
    readonly dialogue?: string
    readonly caption?: string
    readonly mood?: string
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
      action: optional('What is done, or a face that says it: "she smiles at a finished bowl"'),
      environment: optional('Where it is, if `subject` does not say: "a workshop full of shelves"'),
      shot: optional('How it is framed: "a close-up portrait"'),
      angle: optional('Where the camera looks from: "low, from the height of the wheel"'),
      lighting: optional('The light: "low evening sun through a dusty window"'),
      lens: optional('The lens and what it does: "an 85mm with a blurred background"'),
      textures: optional('What to see up close: "wet clay and the grain of old wood"'),
      mood: optional('What it feels like: "calm and absorbed"'),
    },
    ...FROM_WORDS,
    write: ({ subject, action, environment, shot, angle, lighting, lens, textures, mood }) =>
      paragraph(
        say`Make a photograph, true to life in every texture, that shows ${subject}`,
        say`What happens in it: ${action}`,
        say`The place is ${environment}`,
        say`The shot is ${shot}`,
        say`The camera angle is ${angle}`,
        say`The light is ${lighting}`,
        say`The lens is ${lens}`,
        say`The textures and details that stand out are ${textures}`,
        say`The mood is ${mood}`,
      ),
  },
  sticker: {
    purpose: 'A sticker or an icon to be cut out',
    slots: {
      subject: required('What it shows: "a red panda eating bamboo"'),
      action: optional('What it is doing: "it waves with one paw"'),
      features: optional('What it is known by: "a tiny bamboo hat and a striped tail"'),
      style: optional('How it is drawn: "flat shapes with bold outlines"'),
      lines: optional('Its lines: "thick, clean and of one width"'),
      shading: optional('Its shading: "two flat tones, as in a cel"'),
      palette: optional('Its colours: "warm oranges and a deep green"'),
      background: optional('What lies behind it: "pale grey"; plain white if not said'),
    },
    ...FROM_WORDS,
    write: ({ subject, action, features, style, lines, shading, palette, background }) =>
      paragraph(
        say`Draw one sticker with a clean edge all around, showing ${subject}`,
        say`What it is doing: ${action}`,
        say`Its features are ${features}`,
        say`The style is ${style}`,
        say`The lines are ${lines}`,
        say`The shading is ${shading}`,
        say`The colours are ${palette}`,
        say`The background is ${background}` ?? 'The background is plain white',
      ),
  },
  'text-in-image': {
    purpose: 'A logo, a poster or another picture with words in it',
    slots: {
      kind: required('What kind of picture it is: "a logo for a coffee bar"'),
      text: required('The words, letter for letter: "The Daily Grind"'),
      brand: optional('Whom or what it stands for: "a roastery that takes its time"'),
      font: optional('What the letters look like: "a bold, rounded sans-serif"'),
      design: optional('What surrounds the words: "a ring of coffee beans"'),
      palette: optional('The colours: "black on cream"'),
    },
    ...FROM_WORDS,
    write: ({ kind, text, brand, font, design, palette }) =>
      paragraph(
        say`Design ${kind}`,
        say`It stands for ${brand}`,
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
      purpose: optional('What the light is for: "soft highlights and no hard shadows"'),
      angle: optional('Where the camera looks from: "slightly above, at 45 degrees"'),
      showcase: optional('What the angle shows off: "the clean line of the handle"'),
      feature: optional('What has to catch the eye: "the steam off the coffee"'),
    },
    ...FROM_WORDS,
    write: ({ product, surface, lighting, purpose, angle, showcase, feature }) =>
      paragraph(
        say`Make a crisp studio photograph, fit for a shop's catalogue, of ${product}`,
        say`The surface under it is ${surface}`,
        say`The light is ${lighting}`,
        say`The purpose of the light is ${purpose}`,
        say`The camera angle is ${angle}`,
        say`The angle shows off ${showcase}`,
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
      environment: optional('What lies behind: "a skyline in the rain"'),
      style: optional('How it is drawn: "noir, in hard black and white"'),
      dialogue: optional('What the speech bubble says: "I should have known."'),
      caption: optional('What the caption box says: "Later that night"'),
      mood: optional('What the light makes it feel like: "sombre and tense"'),
    },
    ...FROM_WORDS,
    write: ({ character, scene, environment, style, dialogue, caption, mood }) =>
      paragraph(
        say`Draw a single comic panel with ${character}`,
        say`What the panel shows happening: ${scene}`,
        say`In the background is ${environment}`,
        say`The art style is ${style}`,
        say`The words ${quoted(dialogue)} stand in a speech bubble, letter for letter`,
        say`The words ${quoted(caption)} stand in a caption box, letter for letter`,
        say`The light makes the mood ${mood}`,
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
