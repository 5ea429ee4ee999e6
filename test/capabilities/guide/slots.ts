import type { TemplateName } from '@gemini-image/core/internal'
import type { LineName } from './guide.ts'

/** A template as versions of the guide print it: what stands in brackets, in order, is what slots hold. */
export interface SlotRow {
  readonly template: TemplateName
  /** Lines of its label, or of its tab; in version 004, of the first tab that is left. */
  readonly at: readonly LineName[]
  /** Slots of ours; a setting where Google writes into the prompt what is none of its business. */
  readonly slots: readonly string[]
}

export const TEMPLATE_SLOTS: readonly SlotRow[] = [
  {
    template: 'photorealistic-scene',
    at: ['000:879'],
    slots: ['shot', 'subject', 'environment', 'lighting', 'angle', 'lens'],
  },
  {
    template: 'photorealistic-scene',
    at: ['001:127', '002:380', '003:891'],
    slots: [
      'shot',
      'subject',
      'action',
      'environment',
      'lighting',
      'mood',
      'lens',
      'textures',
      'aspectRatio',
    ],
  },
  {
    template: 'sticker',
    at: ['000:975'],
    slots: ['style', 'subject', 'action', 'lines', 'background'],
  },
  {
    template: 'sticker',
    at: ['001:144', '002:397', '003:976'],
    slots: ['style', 'subject', 'features', 'palette', 'lines', 'shading'],
  },
  {
    template: 'text-in-image',
    at: ['000:1051', '001:160', '002:413', '003:1055'],
    slots: ['kind', 'brand', 'text', 'font', 'design', 'palette'],
  },
  {
    template: 'product-mockup',
    at: ['000:1133', '001:176', '002:429', '003:1142'],
    slots: [
      'product',
      'surface',
      'lighting',
      'purpose',
      'angle',
      'showcase',
      'feature',
      'aspectRatio',
    ],
  },
  {
    template: 'negative-space',
    at: ['000:1216', '001:194', '002:447', '003:1226'],
    slots: ['subject', 'position', 'background', 'aspectRatio'],
  },
  {
    template: 'comic-strip',
    at: ['000:1296', '002:464', '003:1307'],
    slots: ['style', 'scene'],
  },
  {
    template: 'comic-panel',
    at: ['001:211'],
    slots: ['style', 'character', 'environment', 'caption', 'dialogue', 'mood', 'aspectRatio'],
  },
  {
    template: 'add-or-remove',
    at: ['000:1476', '001:231', '002:500', '003:1407'],
    slots: ['subject', 'change', 'change', 'fit'],
  },
  {
    template: 'inpaint',
    at: ['000:1579', '001:254', '002:522', '003:1512'],
    slots: ['part', 'content'],
  },
  {
    template: 'style-transfer',
    at: ['000:1682', '001:277', '002:544', '003:1617'],
    slots: ['subject', 'style', 'technique'],
  },
  {
    template: 'combine',
    at: ['000:1777', '001:298', '002:564', '003:1718'],
    slots: ['elements', 'elements', 'scene'],
  },
  {
    template: 'preserve-detail',
    at: ['000:1891', '001:327', '002:590', '003:1842'],
    slots: ['change', 'element', 'detail', 'fit'],
  },
  {
    template: 'sketch-to-photo',
    at: ['000:2007', '002:617', '003:1968'],
    slots: ['medium', 'subject', 'style', 'keep', 'materials'],
  },
  {
    template: 'turn-around',
    at: ['000:2107', '002:638', '003:2070', '004:1'],
    slots: ['subject', 'background', 'view'],
  },
]
