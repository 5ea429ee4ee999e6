import type sharp from 'sharp'

/**
 * sharp, loaded when a picture is first looked into: that takes 20 ms, and a build that finds everything
 * pinned needs none of it. Whoever is about to pay for a picture loads it before.
 * @throws {Error} sharp's own, which says what to install, where it is not there for this platform.
 */
export async function loadSharp(): Promise<typeof sharp> {
  return (await import('sharp')).default
}
