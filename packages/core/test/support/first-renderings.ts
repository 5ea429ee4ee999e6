/** What a template made before it had further slots. Pictures are pinned by these texts. */
export interface FirstRendering {
  readonly required: readonly string[]
  /** Slot → an example. */
  readonly slots: Readonly<Record<string, string>>
  /** With the required slots alone, and with all of these. */
  readonly shortest: string
  readonly longest: string
  /** SHA-256 of the texts of every combination of these slots, a line each, the shortest first. */
  readonly all: string
}

export const FIRST_RENDERINGS: Readonly<Record<string, FirstRendering>> = {
  'photorealistic-scene': {
    required: ['subject'],
    slots: {
      subject: 'an old potter at her wheel',
      shot: 'a close-up portrait',
      lighting: 'low evening sun through a dusty window',
      lens: 'an 85mm with a blurred background',
      mood: 'calm and absorbed',
    },
    shortest:
      'Make a photograph, true to life in every texture, that shows an old potter at her wheel.',
    longest:
      'Make a photograph, true to life in every texture, that shows an old potter at her wheel. The shot is a close-up portrait. The light is low evening sun through a dusty window. The lens is an 85mm with a blurred background. The mood is calm and absorbed.',
    all: '38a7277961ab0216d1f48aed8bebef2824b3c847577f3357c8a069710c3b9190',
  },
  sticker: {
    required: ['subject'],
    slots: {
      subject: 'a red panda eating bamboo',
      style: 'flat shapes with bold outlines',
      palette: 'warm oranges and a deep green',
      background: 'pale grey',
    },
    shortest:
      'Draw one sticker with a clean edge all around, showing a red panda eating bamboo. The background is plain white.',
    longest:
      'Draw one sticker with a clean edge all around, showing a red panda eating bamboo. The style is flat shapes with bold outlines. The colours are warm oranges and a deep green. The background is pale grey.',
    all: '3a47d3e3d92d4589199b193969724e7fdd9f445cd16425d05a5f2b9d3023df79',
  },
  'text-in-image': {
    required: ['kind', 'text'],
    slots: {
      kind: 'a logo for a coffee bar',
      text: 'The Daily Grind',
      font: 'a bold, rounded sans-serif',
      design: 'a ring of coffee beans',
      palette: 'black on cream',
    },
    shortest:
      'Design a logo for a coffee bar. It carries the words "The Daily Grind", spelled exactly so and easy to read, and no others.',
    longest:
      'Design a logo for a coffee bar. It carries the words "The Daily Grind", spelled exactly so and easy to read, and no others. The lettering is a bold, rounded sans-serif. The design is a ring of coffee beans. The colours are black on cream.',
    all: '2f54ddd95df057ebce8e221543202f56e1539b3f388349f82ce848400a1f4ccd',
  },
  'product-mockup': {
    required: ['product'],
    slots: {
      product: 'a matt black ceramic mug',
      surface: 'a slab of polished concrete',
      lighting: 'even, from three soft boxes',
      angle: 'slightly above, at 45 degrees',
      feature: 'the steam off the coffee',
    },
    shortest:
      "Make a crisp studio photograph, fit for a shop's catalogue, of a matt black ceramic mug.",
    longest:
      "Make a crisp studio photograph, fit for a shop's catalogue, of a matt black ceramic mug. The surface under it is a slab of polished concrete. The light is even, from three soft boxes. The camera angle is slightly above, at 45 degrees. The sharpest focus is on the steam off the coffee.",
    all: '96b5b481d8dd4b0fe5412e8b49219e9cedd35bbefb4ae52af00900baf5e7ce2a',
  },
  'negative-space': {
    required: ['subject', 'position'],
    slots: {
      subject: 'a single red maple leaf',
      position: 'bottom right corner',
      background: 'off-white',
      lighting: 'soft, from the top left',
    },
    shortest:
      'Compose a minimalist picture whose only subject is a single red maple leaf. It sits at this place in the frame: bottom right corner. Everything around it stays empty, as room for text to be laid over later.',
    longest:
      'Compose a minimalist picture whose only subject is a single red maple leaf. It sits at this place in the frame: bottom right corner. Everything around it stays empty, as room for text to be laid over later. The empty area is one even colour: off-white. The light is soft, from the top left.',
    all: '15905f2f6d4b838d295b9843cda4ff8ce90b1fc018f1e8e5b2bc4ba889e20283',
  },
  'comic-panel': {
    required: ['character', 'scene'],
    slots: {
      character: 'a detective in a wet trench coat',
      scene: 'a neon sign flickers over an empty alley',
      style: 'noir, in hard black and white',
      dialogue: 'I should have known.',
      caption: 'Later that night',
    },
    shortest:
      'Draw a single comic panel with a detective in a wet trench coat. What the panel shows happening: a neon sign flickers over an empty alley.',
    longest:
      'Draw a single comic panel with a detective in a wet trench coat. What the panel shows happening: a neon sign flickers over an empty alley. The art style is noir, in hard black and white. The words "I should have known." stand in a speech bubble, letter for letter. The words "Later that night" stand in a caption box, letter for letter.',
    all: '36179b3ba213d60bae6e458265e34f7ec752bb674955feff7597723a3c92e003',
  },
  'grounded-graphic': {
    required: ['topic', 'lookUp'],
    slots: {
      topic: 'the weather in Lisbon this week',
      lookUp: 'the forecast of each of the next five days',
      style: 'a clean chart with flat icons',
      layout: 'one column a day, dates on top',
    },
    shortest:
      'Search the web first, and look up the forecast of each of the next five days. Then make a graphic about the weather in Lisbon this week, showing only facts and figures that you found.',
    longest:
      'Search the web first, and look up the forecast of each of the next five days. Then make a graphic about the weather in Lisbon this week, showing only facts and figures that you found. The style is a clean chart with flat icons. The layout is one column a day, dates on top.',
    all: '7f49738293c073ebd9f844257f00cd5e505c463b00cfdc2e8273fe94369c8663',
  },
  'add-or-remove': {
    required: ['change'],
    slots: {
      change: 'add a knitted hat to the cat',
      fit: 'the hat casts the same soft shadow as the ears',
      keep: 'the pose of the cat',
    },
    shortest:
      'Start from the picture provided and make this one change: add a knitted hat to the cat. The change has to match the light, the perspective and the style of the picture.',
    longest:
      'Start from the picture provided and make this one change: add a knitted hat to the cat. The change has to fit in like this: the hat casts the same soft shadow as the ears. Take special care not to alter the pose of the cat.',
    all: '9354ff4378dbbb9059204afda6ccf82aca66827b8a423e7a97ee3698ff9eccc0',
  },
  inpaint: {
    required: ['part', 'content'],
    slots: {
      part: 'the blue sofa',
      content: 'a brown leather armchair',
      keep: 'the cushions and the light',
    },
    shortest:
      'Edit one part only of the picture provided: the blue sofa. In its place, show a brown leather armchair. Outside that part nothing may change.',
    longest:
      'Edit one part only of the picture provided: the blue sofa. In its place, show a brown leather armchair. Outside that part nothing may change, above all the cushions and the light.',
    all: '07e0f81015e97d7b0866b8c0ca0f80a07ab45fe458d907ec9d8f58191d4597f0',
  },
  'style-transfer': {
    required: ['style'],
    slots: {
      style: 'a woodblock print of the Edo period',
      technique: 'flat areas of ink and visible grain',
      keep: 'the street and where the cars are',
    },
    shortest:
      'Redraw the picture provided in this style: a woodblock print of the Edo period. Everything stays where it is in the original.',
    longest:
      'Redraw the picture provided in this style: a woodblock print of the Edo period. The style shows in flat areas of ink and visible grain. This has to stay as in the original: the street and where the cars are.',
    all: '0bfc80100cf2a201742506016bcb134f84b8f90265cc01fdfe26b41cfded747e',
  },
  combine: {
    required: ['elements', 'scene'],
    slots: {
      elements: 'the dress of the first, the woman of the second',
      scene: 'the woman wears the dress in a park',
      lighting: 'overcast noon',
      keep: 'the pattern of the dress',
    },
    shortest:
      'From the pictures provided, take these elements: the dress of the first, the woman of the second. Bring them together in one new picture: the woman wears the dress in a park. Light, shadows and scale agree, as if it had been one picture from the start.',
    longest:
      'From the pictures provided, take these elements: the dress of the first, the woman of the second. Bring them together in one new picture: the woman wears the dress in a park. The light on all of them is overcast noon. This has to stay exactly as in the originals: the pattern of the dress.',
    all: '6b1305b1925088cfca944255f6e2ffd36e7f3fffb028fbe2247eb0d16ebaedea',
  },
  'preserve-detail': {
    required: ['element', 'detail', 'change'],
    slots: {
      element: 'the face of the woman',
      detail: 'the features and the expression',
      change: 'put the logo on her T-shirt',
      fit: 'the logo follows the folds of the cloth',
    },
    shortest:
      'Work from the reference provided and make this change: put the logo on her T-shirt. Look closely at the face of the woman, of which this has to stay exactly as it is: the features and the expression.',
    longest:
      'Work from the reference provided and make this change: put the logo on her T-shirt. Look closely at the face of the woman, of which this has to stay exactly as it is: the features and the expression. The change has to fit in like this: the logo follows the folds of the cloth.',
    all: 'd49194c36778b3af38cc8962d60ed682f0d32e398f761005292e8d3163256594',
  },
  'sketch-to-photo': {
    required: ['subject'],
    slots: {
      subject: 'a two-door sports car',
      materials: 'dark blue metallic paint',
      setting: 'a showroom with a wet floor',
      keep: 'the low roof line',
    },
    shortest:
      'Turn the sketch provided into a finished photograph of a two-door sports car. Shapes and proportions have to stay as in the sketch.',
    longest:
      'Turn the sketch provided into a finished photograph of a two-door sports car. The materials and finish are dark blue metallic paint. The setting is a showroom with a wet floor. This has to stay as in the sketch: the low roof line.',
    all: '339382c16f51a7e8e04e2adc51cc783480b6bc9005ea41c824fc147b942c968e',
  },
  'turn-around': {
    required: ['subject', 'view'],
    slots: {
      subject: 'the man with the glasses',
      view: 'profile facing right',
      background: 'plain white',
      keep: 'the scar and the haircut',
    },
    shortest:
      'From the picture provided, show again the man with the glasses. The view is now this one: profile facing right. It is plainly the same subject, in every feature and colour.',
    longest:
      'From the picture provided, show again the man with the glasses. The view is now this one: profile facing right. The background is plain white. It is plainly the same subject, down to the scar and the haircut.',
    all: '8a3d5f148be86e033b093d15c77d40886dfc2a3137219428669386e4bc8a0993',
  },
}
