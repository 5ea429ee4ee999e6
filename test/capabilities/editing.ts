import type { Capability } from './capability.ts'
import { grounded, imageConfig, imageFormat } from './shapes.ts'

/** Pictures from pictures. */
export const EDITING: readonly Capability[] = [
  {
    title: 'editing an image by words',
    guide: 'Image editing (text-and-image-to-image); Inpainting (semantic masking)',
    files: {
      'hero.prompt.md':
        '---\nreferences:\n  - ./room.png\n---\n\nMake the sofa a brown leather one; change nothing else\n',
    },
    images: { 'room.png': 'blue' },
    sdk: {
      parts: [
        { text: 'Make the sofa a brown leather one; change nothing else' },
        { image: 'blue' },
      ],
      config: imageConfig(),
      interaction: { response_format: imageFormat() },
    },
  },
  {
    title: 'composing several images',
    guide: 'Use up to 14 reference images; Advanced composition: combining multiple images',
    files: {
      'hero.prompt.md': [
        '---',
        'references:',
        '  - { image: ./anna.png, as: character, label: Anna }',
        '  - { image: ./dress.png, as: object }',
        '  - { image: ./mood.png, as: style }',
        '  - ./street.png',
        '---',
        '',
        'Anna wears the dress in the street',
        '',
      ].join('\n'),
    },
    images: { 'anna.png': 'red', 'dress.png': 'green', 'mood.png': 'blue', 'street.png': 'white' },
    sdk: {
      parts: [
        { text: 'Anna wears the dress in the street' },
        { text: 'Image 1, "Anna" (a character to be shown as they are):' },
        { image: 'red' },
        { text: 'Image 2 (an object to be shown as it is):' },
        { image: 'green' },
        { text: 'Image 3 (the style to draw in, not what to draw):' },
        { image: 'blue' },
        { image: 'white' },
      ],
      config: imageConfig(),
      interaction: { response_format: imageFormat() },
    },
  },
  {
    title: 'images before the words',
    guide: 'Advanced composition: combining multiple images (images first)',
    files: {
      'hero.prompt.md': [
        '---',
        'references:',
        '  - { image: ./model.png, label: model }',
        '  - { image: ./dress.png, label: dress }',
        '---',
        '',
        '{{image:dress}} {{image:model}}',
        '',
        'Take the dress from the first image and let the woman from the second image wear it',
        '',
      ].join('\n'),
    },
    images: { 'model.png': 'red', 'dress.png': 'green' },
    sdk: {
      parts: [
        { image: 'green' },
        { image: 'red' },
        {
          text: 'Take the dress from the first image and let the woman from the second image wear it',
        },
      ],
      config: imageConfig(),
      interaction: { response_format: imageFormat() },
    },
  },
  {
    title: 'images between the words, in a turn as well',
    guide: 'Advanced composition: combining multiple images; Multi-turn image editing',
    files: {
      'hero.prompt.md': [
        '---',
        'references:',
        '  - { image: ./mood.png, as: style }',
        '  - { image: ./anna.png, as: character, label: Anna }',
        '  - { image: ./dress.png, label: the dress }',
        'turns:',
        '  - prompt: Now in the pose of {{ image:pose }} and at night',
        '    references: [./street.png, { image: ./pose.png, label: pose }]',
        '---',
        '',
        'Let {{image:Anna}} wear {{image:the dress}}, with \\{{image:braces}}',
        '',
      ].join('\n'),
    },
    images: {
      'anna.png': 'red',
      'dress.png': 'green',
      'mood.png': 'blue',
      'street.png': 'white',
      'pose.png': 'yellow',
    },
    calls: 2,
    before: [
      {
        parts: [
          { text: 'Let' },
          { text: 'Image 1, "Anna" (a character to be shown as they are):' },
          { image: 'red' },
          { text: 'wear' },
          { image: 'green' },
          { text: ', with {{image:braces}}' },
          { text: 'Image 3 (the style to draw in, not what to draw):' },
          { image: 'blue' },
        ],
        config: imageConfig(),
      },
    ],
    sdk: {
      parts: [
        { text: 'Now in the pose of' },
        { image: 'yellow' },
        { text: 'and at night' },
        { image: 'white' },
      ],
      config: imageConfig(),
      interaction: { response_format: imageFormat() },
    },
  },
  {
    title: 'multi-turn editing',
    guide: 'Multi-turn image editing; Thought signatures',
    files: {
      'hero.prompt.md':
        '---\nturns:\n  - Now at night\n  - { prompt: As a wide banner, aspectRatio: 21:9, size: 2K }\n---\n\nA harbour\n',
    },
    calls: 3,
    before: [
      { parts: [{ text: 'A harbour' }], config: imageConfig() },
      { parts: [{ text: 'Now at night' }], config: imageConfig() },
    ],
    sdk: {
      parts: [{ text: 'As a wide banner' }],
      config: imageConfig('21:9', '2K'),
      interaction: { response_format: imageFormat('21:9', '2K') },
    },
  },
  {
    title: 'turning a reference step by step',
    guide: 'Character consistency: 360 view; Multi-turn image editing',
    files: {
      'hero.prompt.md': [
        '---',
        'references: [./anna.png]',
        'template: turn-around',
        'slots: { subject: the woman, view: in profile facing right }',
        'turns: [Now from behind]',
        '---',
        '',
      ].join('\n'),
    },
    images: { 'anna.png': 'red' },
    calls: 2,
    before: [{ parts: [{ text: '<template>' }, { image: 'red' }], config: imageConfig() }],
    sdk: {
      parts: [{ text: 'Now from behind' }],
      config: imageConfig(),
      interaction: { response_format: imageFormat() },
    },
  },
  {
    title: 'the shape of the picture that is edited',
    guide: 'Aspect ratios and image size (an edit keeps the shape of its input)',
    files: {
      'hero.prompt.md':
        '---\nreferences: [./street.png]\naspectRatio: auto\n---\n\nThe same street at night\n',
    },
    images: { 'street.png': 'yellow' },
    sdk: {
      parts: [{ text: 'The same street at night' }, { image: 'yellow' }],
      config: imageConfig('16:9'),
      interaction: { response_format: imageFormat('16:9') },
    },
  },
  {
    title: 'an image that a later turn shows',
    guide: 'Character consistency: 360 view (a reference of the selected pose)',
    files: {
      'hero.prompt.md': [
        '---',
        'references: [./anna.png]',
        'turns:',
        '  - prompt: The same woman, in this pose',
        '    references: [{ image: ./pose.png, label: the pose }]',
        '---',
        '',
        'A studio portrait of this woman against white',
        '',
      ].join('\n'),
    },
    images: { 'anna.png': 'red', 'pose.png': 'blue' },
    calls: 2,
    before: [
      {
        parts: [{ text: 'A studio portrait of this woman against white' }, { image: 'red' }],
        config: imageConfig(),
      },
    ],
    sdk: {
      parts: [
        { text: 'The same woman, in this pose' },
        { text: 'Image 2, "the pose":' },
        { image: 'blue' },
      ],
      config: imageConfig(),
      interaction: { response_format: imageFormat() },
    },
  },
  {
    title: 'words first, and then a picture of them',
    guide: 'Best practices (first generate the text, then an image with it)',
    files: {
      'hero.prompt.md': [
        '---',
        'output: text',
        'turns: [Draw a poster with exactly these words]',
        '---',
        '',
        'Write a headline of at most six words for a bakery that opens at five',
        '',
      ].join('\n'),
    },
    calls: 2,
    texts: 1,
    before: [
      {
        parts: [{ text: 'Write a headline of at most six words for a bakery that opens at five' }],
        config: { responseModalities: ['TEXT'] },
        interaction: { response_format: { type: 'text' } },
      },
    ],
    sdk: {
      parts: [{ text: 'Draw a poster with exactly these words' }],
      config: imageConfig(),
      interaction: { response_format: imageFormat() },
    },
    proof: 'test/words/words.test.ts',
  },
  {
    title: 'a turn that looks something up, and thinks',
    guide: 'Multi-turn image editing (each turn with a configuration of its own)',
    files: {
      'hero.prompt.md': [
        '---',
        'turns:',
        '  - prompt: Add the weather of today',
        '    grounding: { web: true }',
        '    thinking: high',
        '---',
        '',
        'A map of Bergen',
        '',
      ].join('\n'),
    },
    calls: 2,
    before: [{ parts: [{ text: 'A map of Bergen' }], config: imageConfig() }],
    sdk: {
      parts: [{ text: 'Add the weather of today' }],
      config: { ...grounded().config, thinkingConfig: { thinkingLevel: 'HIGH' } },
      interaction: { ...grounded().interaction, generation_config: { thinking_level: 'high' } },
    },
  },
  {
    title: 'one of a set',
    guide: 'Multi-turn image editing (a turn that changes the language)',
    files: {
      'main.js': "import './hero.prompt.md?each=Spanish&gemini-image'\n",
      'hero.prompt.md': [
        '---',
        'each: { language: [English, Spanish] }',
        "turns: ['Put the words in {{language}}']",
        '---',
        '',
        'How a leaf makes sugar',
        '',
      ].join('\n'),
    },
    calls: 2,
    before: [{ parts: [{ text: 'How a leaf makes sugar' }], config: imageConfig() }],
    sdk: {
      parts: [{ text: 'Put the words in Spanish' }],
      config: imageConfig(),
      interaction: { response_format: imageFormat() },
    },
  },
  {
    title: 'an earlier turn',
    guide: 'Multi-turn image editing (each picture of a conversation)',
    files: {
      'main.js': "import './hero.prompt.md?turn=0&gemini-image'\n",
      'hero.prompt.md': '---\nturns: [In Spanish]\n---\n\nHow a leaf makes sugar\n',
    },
    sdk: {
      parts: [{ text: 'How a leaf makes sugar' }],
      config: imageConfig(),
      interaction: { response_format: imageFormat() },
    },
  },
  {
    title: 'going on from another file',
    guide: 'Multi-turn image editing (a conversation that goes on)',
    files: {
      'leaf.prompt.md': 'How a leaf makes sugar\n',
      'hero.prompt.md': '---\nafter: ./leaf.prompt.md\n---\n\nIn Spanish\n',
    },
    calls: 2,
    before: [{ parts: [{ text: 'How a leaf makes sugar' }], config: imageConfig() }],
    sdk: {
      parts: [{ text: 'In Spanish' }],
      config: imageConfig(),
      interaction: { response_format: imageFormat() },
    },
  },
]
