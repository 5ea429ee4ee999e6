import { renderTemplate } from '@gemini-image/core'
import { TEMPLATES, type TemplateName, type TemplateSlots } from '@gemini-image/core/internal'
import type { Capability, Colour } from './capability.ts'
import { imageConfig, imageFormat } from './shapes.ts'

const GUIDE: Readonly<Record<TemplateName, string>> = {
  'photorealistic-scene': 'Prompting guide: photorealistic scenes',
  sticker: 'Prompting guide: stylized illustrations and stickers',
  'text-in-image': 'Prompting guide: accurate text in images',
  'product-mockup': 'Prompting guide: product mockups and commercial photography',
  'negative-space': 'Prompting guide: minimalist and negative space design',
  'comic-panel': 'Prompting guide: sequential art (comic panel, storyboard)',
  'grounded-graphic': 'Prompting guide: grounding with Google Search',
  'add-or-remove': 'Editing guide: adding and removing elements',
  inpaint: 'Editing guide: inpainting (semantic masking)',
  'style-transfer': 'Editing guide: style transfer',
  combine: 'Editing guide: combining multiple images',
  'preserve-detail': 'Editing guide: high-fidelity detail preservation',
  'sketch-to-photo': 'Editing guide: bring something to life',
  'turn-around': 'Editing guide: character consistency (360 view)',
  'comic-strip': 'Prompting guide: sequential art (comic panel, storyboard)',
}

const COLOURS: readonly Colour[] = ['red', 'green']

/** The fifteen ways of writing a prompt that the guide teaches. */
export const TEMPLATE_CASES: readonly Capability[] = (Object.keys(TEMPLATES) as TemplateName[]).map(
  (name) => {
    const { slots, leastReferences, needsGrounding } = TEMPLATES[name]
    const filled = Object.fromEntries(
      Object.entries<{ required: boolean }>(slots)
        .filter(([, { required }]) => required)
        .map(([slot]) => [slot, `the ${slot} of a lighthouse`]),
    )
    const colours = COLOURS.slice(0, leastReferences)
    const lines = [
      '---',
      `template: ${name}`,
      'slots:',
      ...Object.entries(filled).map(([slot, text]) => `  ${slot}: ${text}`),
      ...(colours.length > 0
        ? ['references:', ...colours.map((colour) => `  - ./${colour}.png`)]
        : []),
      ...(needsGrounding ? ['grounding: { web: true }'] : []),
      '---',
      '',
    ]
    const text = renderTemplate(name, filled as unknown as TemplateSlots[typeof name])
    return {
      title: `the template ${name}`,
      guide: GUIDE[name],
      files: { 'hero.prompt.md': lines.join('\n') },
      images: Object.fromEntries(colours.map((colour) => [`${colour}.png`, colour])),
      sdk: {
        parts: [{ text }, ...colours.map((colour) => ({ image: colour }))],
        config: {
          ...imageConfig(),
          ...(needsGrounding && {
            responseModalities: ['TEXT', 'IMAGE'],
            tools: [{ googleSearch: {} }],
          }),
        },
        interaction: needsGrounding
          ? {
              response_format: [{ type: 'text' }, imageFormat()],
              tools: [{ type: 'google_search', search_types: ['web_search'] }],
            }
          : { response_format: imageFormat() },
      },
    }
  },
)
