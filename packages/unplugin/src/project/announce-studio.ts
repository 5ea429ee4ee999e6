import type { Logger } from '@gemini-image/core/internal'

/** Says how to see the studio, where the dev server has no address of its own for it. */
export function announceStudio({ info }: Logger): void {
  info('To see, choose and refine the pictures: npx gemini-image studio')
}
