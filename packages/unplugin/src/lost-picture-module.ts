const NAMES = 'alt width height format prompt model digitalSourceType text grounding images parts'

/**
 * The code of a picture module in a build that fails for what is said elsewhere: it has all exports, so
 * that nobody is told of missing ones as well.
 */
export const LOST_PICTURE_CODE: string = [
  'export default undefined',
  ...NAMES.split(' ').map((name) => `export const ${name} = undefined`),
  '',
].join('\n')
