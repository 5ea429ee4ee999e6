import type { Capability } from './capability.ts'
import { imageConfig, imageFormat } from './shapes.ts'

/** Several pictures, and pictures and prompts that are made of others. */
export const COMPOSITION: readonly Capability[] = [
  {
    title: 'interleaved text and images',
    guide: 'Interleaved: text to images and text',
    files: {
      'hero.prompt.md':
        '---\noutput: text-and-image\n---\n\nAn illustrated recipe for paella, a picture for each step\n',
    },
    sdk: {
      parts: [{ text: 'An illustrated recipe for paella, a picture for each step' }],
      config: { ...imageConfig(), responseModalities: ['TEXT', 'IMAGE'] },
      interaction: { response_format: [{ type: 'text' }, imageFormat()] },
    },
    proof: 'test/vite/results.test.ts',
  },
  {
    title: 'text and images from an image',
    guide: 'Interleaved: images and text to images and text',
    files: {
      'hero.prompt.md':
        '---\noutput: text-and-image\nreferences: [./room.png]\n---\n\nWhich colours of sofa suit this room? Show some\n',
    },
    images: { 'room.png': 'blue' },
    sdk: {
      parts: [{ text: 'Which colours of sofa suit this room? Show some' }, { image: 'blue' }],
      config: { ...imageConfig(), responseModalities: ['TEXT', 'IMAGE'] },
      interaction: { response_format: [{ type: 'text' }, imageFormat()] },
    },
    proof: 'test/vite/results.test.ts',
  },
  {
    title: 'several variants to pick from',
    guide: 'Image generation (one call a variant)',
    files: { 'hero.prompt.md': '---\nvariants: 3\nseed: 40\n---\n\nA mascot for a ferry line\n' },
    options: { concurrency: 1 },
    calls: 3,
    sdk: {
      parts: [{ text: 'A mascot for a ferry line' }],
      config: { ...imageConfig(), seed: 42 },
      interaction: { response_format: imageFormat(), generation_config: { seed: 42 } },
    },
    proof: 'test/vite/results.test.ts',
  },
  {
    title: 'the picture of another declaration',
    guide: 'Use up to 14 reference images; Character consistency',
    files: {
      'anna.prompt.md': 'Anna, a postwoman in a yellow coat\n',
      'hero.prompt.md':
        '---\nreferences:\n  - { image: ./anna.prompt.md, as: character, label: Anna }\n---\n\nAnna on the quay\n',
    },
    calls: 2,
    sdk: {
      parts: [
        { text: 'Anna on the quay' },
        { text: 'Image 1, "Anna" (a character to be shown as they are):' },
        { image: 'anna.prompt.md' },
      ],
      config: imageConfig(),
      interaction: { response_format: imageFormat() },
    },
    proof: 'test/references/graph.test.ts',
  },
  {
    title: 'styles and variables',
    guide: 'Prompting guide: best practices (be specific, give context)',
    files: {
      'brand.style.md':
        '---\nvars:\n  colour: petrol blue\n---\n\nFlat shapes in {{colour}}, paper grain.\n',
      'hero.prompt.md':
        '---\nstyle: ./brand.style.md\nvars: { season: autumn }\n---\n\nA pier in {{season}}\n',
    },
    sdk: {
      parts: [{ text: 'A pier in autumn\n\nFlat shapes in petrol blue, paper grain.' }],
      config: imageConfig(),
      interaction: { response_format: imageFormat() },
    },
    proof: 'packages/core/test/prompt.test.ts',
  },
  {
    title: 'Imagen',
    guide: 'When to use Imagen',
    files: {
      'hero.prompt.md':
        '---\nmodel: imagen-4.0-ultra-generate-001\naspectRatio: 4:3\nsize: 2K\n---\n\nA kingfisher\n',
    },
    // Google's SDK asks Imagen of Vertex AI alone.
    body: {
      instances: [{ prompt: 'A kingfisher' }],
      parameters: { sampleCount: 1, aspectRatio: '4:3', sampleImageSize: '2K' },
    },
  },
]
