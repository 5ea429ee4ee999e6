import { TEMPLATES } from '@gemini-image/core/internal'
import { GENERATED, table } from './markdown.ts'

export function templatesPage(): string {
  const sections = Object.entries(TEMPLATES).map(([name, template]) => {
    const needs = [
      template.leastReferences > 0 &&
        `It works on ${template.leastReferences === 1 ? 'an image' : `${template.leastReferences} images`} under \`references\`.`,
      template.needsGrounding && 'It needs `grounding: { web: true }`.',
    ].filter(Boolean)
    const slots = Object.entries<{ describe: string; required: boolean }>(template.slots)
    const rows = slots.map(([slot, { describe, required }]) => [
      `\`${slot}\``,
      required ? 'yes' : '',
      describe,
    ])
    return `## ${name}\n\n${[template.purpose, ...needs].join(' ')}\n\n${table(['slot', 'required', ''], rows)}`
  })
  return [
    '# Templates',
    GENERATED,
    'Ways of writing a prompt that work well, with slots that are checked: `template: product-mockup` and `slots:` in a prompt file, or `renderTemplate()` of `@gemini-image/core`, typed. A body below the frontmatter is added as a paragraph. A template is part of the fingerprint by the text that it makes. Optional slots that are left out add nothing to that text.',
    ...sections,
  ].join('\n\n')
}
