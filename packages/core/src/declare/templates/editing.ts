import { optional, required, paragraph, quoted, say, type TemplatesOf } from './template.ts'

/** The slots of the templates that work on reference images. */
export interface EditingSlots {
  'add-or-remove': {
    readonly change: string
    readonly subject?: string
    readonly fit?: string
    readonly keep?: string
  }
  inpaint: {
    readonly part: string
    readonly content: string
    readonly keep?: string
  }
  'style-transfer': {
    readonly style: string
    readonly subject?: string
    readonly technique?: string
    readonly keep?: string
  }
  combine: {
    readonly elements: string
    readonly scene: string
    readonly lighting?: string
    readonly keep?: string
  }
  'preserve-detail': {
    readonly element: string
    readonly detail: string
    readonly change: string
    readonly fit?: string
  }
  'sketch-to-photo': {
    readonly subject: string
    readonly medium?: string
    readonly style?: string
    readonly materials?: string
    readonly setting?: string
    readonly keep?: string
  }
  'turn-around': {
    readonly subject: string
    readonly view: string
    readonly background?: string
    readonly keep?: string
  }
  'comic-strip': {
    readonly scene: string
    readonly panels?: string
    readonly style?: string
    readonly dialogue?: string
    readonly keep?: string
    readonly mood?: string
  }
}

/** What each of these needs. */
const ON_AN_IMAGE = { leastReferences: 1, needsGrounding: false } as const

export const EDITING: TemplatesOf<EditingSlots> = {
  'add-or-remove': {
    purpose: 'Put something into a picture, or take something out',
    slots: {
      change: required('What to do, as an order: "add a knitted hat to the cat"'),
      subject: optional('What the picture shows: "my cat on a window sill"'),
      fit: optional('How the change fits in: "the hat casts the same soft shadow as the ears"'),
      keep: optional('What must not change: "the pose of the cat"'),
    },
    ...ON_AN_IMAGE,
    write: ({ change, subject, fit, keep }) =>
      paragraph(
        say`The picture provided shows ${subject}`,
        say`Start from the picture provided and make this one change: ${change}`,
        say`The change has to fit in like this: ${fit}` ??
          'The change has to match the light, the perspective and the style of the picture',
        say`Take special care not to alter ${keep}`,
      ),
  },
  inpaint: {
    purpose: 'Replace one part of a picture and leave the rest',
    slots: {
      part: required('The part to replace: "the blue sofa"'),
      content: required('What takes its place: "a brown leather armchair"'),
      keep: optional('What stays: "the cushions and the light"; all the rest if not said'),
    },
    ...ON_AN_IMAGE,
    write: ({ part, content, keep }) =>
      paragraph(
        say`Edit one part only of the picture provided: ${part}`,
        say`In its place, show ${content}`,
        say`Outside that part nothing may change, above all ${keep}` ??
          'Outside that part nothing may change',
      ),
  },
  'style-transfer': {
    purpose: 'Redraw a picture in another style',
    slots: {
      style: required('The style: "a woodblock print of the Edo period"'),
      subject: optional('What the picture shows: "a street at night"'),
      technique: optional('What shows the style: "flat areas of ink and visible grain"'),
      keep: optional(
        'What stays: "the street and where the cars are"; the composition if not said',
      ),
    },
    ...ON_AN_IMAGE,
    write: ({ style, subject, technique, keep }) =>
      paragraph(
        say`The picture provided shows ${subject}`,
        say`Redraw the picture provided in this style: ${style}`,
        say`The style shows in ${technique}`,
        say`This has to stay as in the original: ${keep}` ??
          'Everything stays where it is in the original',
      ),
  },
  combine: {
    purpose: 'Bring elements of several pictures together in a new one',
    slots: {
      elements: required(
        'What to take from which: "the dress of the first, the woman of the second"',
      ),
      scene: required('What they become: "the woman wears the dress in a park"'),
      lighting: optional('The light on all of it: "overcast noon"'),
      keep: optional('What must stay as it was: "the pattern of the dress"'),
    },
    ...ON_AN_IMAGE,
    leastReferences: 2,
    write: ({ elements, scene, lighting, keep }) =>
      paragraph(
        say`From the pictures provided, take these elements: ${elements}`,
        say`Bring them together in one new picture: ${scene}`,
        say`The light on all of them is ${lighting}` ??
          'Light, shadows and scale agree, as if it had been one picture from the start',
        say`This has to stay exactly as in the originals: ${keep}`,
      ),
  },
  'preserve-detail': {
    purpose: 'Change a picture while a delicate detail stays exactly as it is',
    slots: {
      element: required('What the detail belongs to: "the face of the woman"'),
      detail: required('What must stay: "the features and the expression"'),
      change: required('What to do, as an order: "put the logo on her T-shirt"'),
      fit: optional('How the change fits in: "the logo follows the folds of the cloth"'),
    },
    ...ON_AN_IMAGE,
    write: ({ element, detail, change, fit }) =>
      paragraph(
        say`Work from the reference provided and make this change: ${change}`,
        say`Look closely at ${element}, of which this has to stay exactly as it is: ${detail}`,
        say`The change has to fit in like this: ${fit}`,
      ),
  },
  'sketch-to-photo': {
    purpose: 'Turn a rough sketch into a finished photograph',
    slots: {
      subject: required('What the sketch shows: "a two-door sports car"'),
      medium: optional('What the sketch is drawn with: "a soft pencil"'),
      style: optional('What the photograph looks like: "polished, as in a brochure"'),
      materials: optional('What it is made of, and its finish: "dark blue metallic paint"'),
      setting: optional('Where it is: "a showroom with a wet floor"'),
      keep: optional(
        'What of the sketch stays: "the low roof line"; shapes and proportions if not said',
      ),
    },
    ...ON_AN_IMAGE,
    write: ({ subject, medium, style, materials, setting, keep }) =>
      paragraph(
        say`Turn the sketch provided into a finished photograph of ${subject}`,
        say`The sketch is drawn with ${medium}`,
        say`The photograph looks ${style}`,
        say`The materials and finish are ${materials}`,
        say`The setting is ${setting}`,
        say`This has to stay as in the sketch: ${keep}` ??
          'Shapes and proportions have to stay as in the sketch',
      ),
  },
  'turn-around': {
    purpose: 'The same character or thing, seen from another side',
    slots: {
      subject: required('Who or what it is: "the man with the glasses"'),
      view: required('How it is seen: "profile facing right"'),
      background: optional('What lies behind: "plain white"'),
      keep: optional('What must be the same from every side: "the scar and the haircut"'),
    },
    ...ON_AN_IMAGE,
    write: ({ subject, view, background, keep }) =>
      paragraph(
        say`From the picture provided, show again ${subject}`,
        say`The view is now this one: ${view}`,
        say`The background is ${background}`,
        say`It is plainly the same subject, down to ${keep}` ??
          'It is plainly the same subject, in every feature and colour',
      ),
  },
  'comic-strip': {
    purpose: 'A comic of several panels, with a character from a picture',
    slots: {
      scene: required('What happens, and where: "he slips on a banana skin, and bows"'),
      panels: optional('How many panels: "four"; three if not said'),
      style: optional('How it is drawn: "noir, in hard black and white"'),
      dialogue: optional('What the character says, in one bubble: "It was the fruit."'),
      keep: optional('What is the same in every panel: "the white glasses"'),
      mood: optional('What it feels like: "dry and absurd"'),
    },
    ...ON_AN_IMAGE,
    write: ({ scene, panels, style, dialogue, keep, mood }) =>
      paragraph(
        say`Draw a comic of ${panels} panels, to be read from left to right` ??
          'Draw a comic of three panels, to be read from left to right',
        say`Its main character is the one in the picture provided, the same in every panel, down to ${keep}` ??
          'Its main character is the one in the picture provided, the same in every panel',
        say`What the panels tell: ${scene}`,
        say`The art style is ${style}`,
        say`The words ${quoted(dialogue)} stand in a speech bubble, letter for letter`,
        say`The mood is ${mood}`,
      ),
  },
}
