import type { Capability } from './capability.ts'
import { backgroundInstruction } from '../../packages/core/src/pixels/cut-out/key-colour.ts'
import { grounded, imageConfig, imageFormat } from './shapes.ts'

const PROMPT = 'A lighthouse on a basalt cliff in the last light'

/** Pictures from words. */
export const GENERATION: readonly Capability[] = [
  {
    title: 'text to image',
    guide: 'Image generation (text-to-image)',
    files: { 'hero.prompt.md': `${PROMPT}\n` },
    sdk: {
      parts: [{ text: PROMPT }],
      config: imageConfig(),
      interaction: { response_format: imageFormat() },
    },
  },
  {
    title: 'aspect ratio and size',
    guide: 'Aspect ratios and image size; Generate images up to 4K resolution',
    files: { 'hero.prompt.md': `---\naspectRatio: 16:9\nsize: 4K\n---\n\n${PROMPT}\n` },
    sdk: {
      parts: [{ text: PROMPT }],
      config: imageConfig('16:9', '4K'),
      interaction: { response_format: imageFormat('16:9', '4K') },
    },
  },
  {
    title: 'an extreme aspect ratio',
    guide: 'Aspect ratios and image size',
    files: { 'hero.prompt.md': `---\naspectRatio: 8:1\n---\n\n${PROMPT}\n` },
    sdk: {
      parts: [{ text: PROMPT }],
      config: imageConfig('8:1'),
      interaction: { response_format: imageFormat('8:1') },
    },
  },
  {
    title: 'half a thousand pixels',
    guide: 'Generate images up to 4K resolution (512)',
    files: {
      'hero.prompt.md': `---\nmodel: gemini-3.1-flash-image\nsize: 512\n---\n\n${PROMPT}\n`,
    },
    model: 'gemini-3.1-flash-image',
    sdk: {
      parts: [{ text: PROMPT }],
      config: imageConfig('1:1', '512'),
      interaction: { response_format: imageFormat('1:1', '512') },
    },
  },
  {
    title: 'a model that has one size',
    guide: 'Model selection',
    files: {
      'hero.prompt.md': `---\nmodel: nano-banana-lite\naspectRatio: 3:2\n---\n\n${PROMPT}\n`,
    },
    model: 'gemini-3.1-flash-lite-image',
    sdk: {
      parts: [{ text: PROMPT }],
      config: { responseModalities: ['IMAGE'], imageConfig: { aspectRatio: '3:2' } },
      interaction: { response_format: { type: 'image', aspect_ratio: '3:2' } },
    },
  },
  {
    title: 'the model for professional work',
    guide: 'Model selection',
    files: { 'hero.prompt.md': `---\nmodel: nano-banana-pro\nsize: 2K\n---\n\n${PROMPT}\n` },
    model: 'gemini-3-pro-image',
    sdk: {
      parts: [{ text: PROMPT }],
      config: imageConfig('1:1', '2K'),
      interaction: { response_format: imageFormat('1:1', '2K') },
    },
  },
  {
    title: 'text and image',
    guide: 'Output types',
    files: { 'hero.prompt.md': `---\noutput: text-and-image\n---\n\n${PROMPT}\n` },
    sdk: {
      parts: [{ text: PROMPT }],
      config: { ...imageConfig(), responseModalities: ['TEXT', 'IMAGE'] },
      interaction: {
        response_format: [{ type: 'text' }, imageFormat()],
      },
    },
  },
  {
    title: 'all pictures of an answer',
    guide: 'Limitations (the number of pictures that are asked for is not always kept)',
    files: { 'hero.prompt.md': '---\noutput: images\n---\n\nA fox in spring, and in autumn\n' },
    sdk: {
      parts: [{ text: 'A fox in spring, and in autumn' }],
      config: imageConfig(),
      interaction: { response_format: imageFormat() },
    },
    proof: 'test/vite/results.test.ts',
  },
  {
    title: 'a picture as PNG',
    guide: 'Response formats (mime_type)',
    files: { 'hero.prompt.md': '---\nformat: png\n---\n\nA diagram of a bridge\n' },
    api: 'interactions',
    sdk: {
      parts: [{ text: 'A diagram of a bridge' }],
      interaction: { response_format: { ...imageFormat(), mime_type: 'image/png' } },
    },
  },
  {
    title: 'a subject without its background',
    guide: 'Prompting guide: stylized illustrations and stickers (a transparent background)',
    files: { 'hero.prompt.md': '---\ntransparent: true\n---\n\nA red panda with a tiny hat\n' },
    sdk: {
      parts: [{ text: `A red panda with a tiny hat\n\n${backgroundInstruction('#ff00ff')}` }],
      config: imageConfig(),
      interaction: { response_format: { ...imageFormat(), mime_type: 'image/png' } },
    },
    proof: 'test/cut-outs/flow.test.ts',
  },
  {
    title: 'system instruction',
    guide: 'Optional configurations',
    files: { 'hero.prompt.md': `---\nsystem: Draw everything flat.\n---\n\n${PROMPT}\n` },
    sdk: {
      parts: [{ text: PROMPT }],
      config: { ...imageConfig(), systemInstruction: 'Draw everything flat.' },
      interaction: { response_format: imageFormat(), system_instruction: 'Draw everything flat.' },
    },
  },
  {
    title: 'seed and temperature',
    guide: 'Optional configurations',
    files: { 'hero.prompt.md': `---\nseed: 7\ntemperature: 0.5\n---\n\n${PROMPT}\n` },
    sdk: {
      parts: [{ text: PROMPT }],
      config: { ...imageConfig(), seed: 7, temperature: 0.5 },
      interaction: {
        response_format: imageFormat(),
        generation_config: { seed: 7, temperature: 0.5 },
      },
    },
  },
  {
    title: 'safety settings',
    guide: 'Safety settings',
    files: {
      'hero.prompt.md': `---\nsafety:\n  harassment: only-high\n  dangerous-content: off\n---\n\n${PROMPT}\n`,
    },
    sdk: {
      parts: [{ text: PROMPT }],
      config: {
        ...imageConfig(),
        safetySettings: [
          { category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_ONLY_HIGH' },
          { category: 'HARM_CATEGORY_DANGEROUS_CONTENT', threshold: 'OFF' },
        ],
      },
      interaction: {
        response_format: imageFormat(),
        safety_settings: [
          { type: 'harassment', threshold: 'block_only_high' },
          { type: 'dangerous_content', threshold: 'off' },
        ],
      },
    },
  },
  {
    title: 'thinking level',
    guide: 'Thinking process: controlling thinking levels',
    files: { 'hero.prompt.md': `---\nthinking: high\n---\n\n${PROMPT}\n` },
    sdk: {
      parts: [{ text: PROMPT }],
      config: { ...imageConfig(), thinkingConfig: { thinkingLevel: 'HIGH' } },
      interaction: {
        response_format: imageFormat(),
        generation_config: { thinking_level: 'high' },
      },
    },
  },
  {
    title: 'thoughts, kept for looking at',
    guide: 'Thinking process: interim images and thoughts',
    files: { 'hero.prompt.md': `---\nthinking: medium\nkeepThoughts: true\n---\n\n${PROMPT}\n` },
    sdk: {
      parts: [{ text: PROMPT }],
      config: {
        ...imageConfig(),
        thinkingConfig: { thinkingLevel: 'MEDIUM', includeThoughts: true },
      },
      interaction: {
        response_format: imageFormat(),
        generation_config: { thinking_level: 'medium', thinking_summaries: 'auto' },
      },
    },
  },
  {
    title: 'grounding with web search',
    guide: 'Grounding with Google Search',
    files: {
      'hero.prompt.md':
        '---\ngrounding: { web: true }\nfresh: 1d\n---\n\nA chart of the weather in Bergen over the next five days\n',
    },
    sdk: {
      parts: [{ text: 'A chart of the weather in Bergen over the next five days' }],
      ...grounded(),
    },
  },
  {
    title: 'grounding with image search',
    guide: 'Grounding with Google Image Search',
    files: {
      'hero.prompt.md':
        '---\ngrounding: { web: true, images: true }\n---\n\nA resplendent quetzal, as it really looks\n',
    },
    sdk: {
      parts: [{ text: 'A resplendent quetzal, as it really looks' }],
      config: {
        ...imageConfig(),
        responseModalities: ['TEXT', 'IMAGE'],
        tools: [{ googleSearch: { searchTypes: { webSearch: {}, imageSearch: {} } } }],
      },
      interaction: {
        response_format: [{ type: 'text' }, imageFormat()],
        tools: [{ type: 'google_search', search_types: ['web_search', 'image_search'] }],
      },
    },
  },
  {
    title: 'image search alone',
    guide: 'Grounding with Google Image Search',
    files: {
      'hero.prompt.md': '---\ngrounding: { images: true }\n---\n\nA swallowtail on a thistle\n',
    },
    sdk: {
      parts: [{ text: 'A swallowtail on a thistle' }],
      config: {
        ...imageConfig(),
        responseModalities: ['TEXT', 'IMAGE'],
        tools: [{ googleSearch: { searchTypes: { imageSearch: {} } } }],
      },
      interaction: {
        response_format: [{ type: 'text' }, imageFormat()],
        tools: [{ type: 'google_search', search_types: ['image_search'] }],
      },
    },
  },
]
