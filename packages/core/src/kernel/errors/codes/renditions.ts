/** Sizes, formats and layers of a picture. */
export const renditions = {
  INVALID_RENDITION: {
    meaning: 'An import asks for a rendition that cannot be made.',
    page: 'renditions.md#settings',
  },
  RENDITION_FAILED: {
    meaning: 'A picture could not be encoded in another size or format.',
    page: 'renditions.md',
  },
  FORM_FAILED: {
    meaning:
      'A form of the option "forms" threw an error, or gave something that no module can hold.',
    page: 'renditions.md#a-form-of-your-own',
  },
  UNKNOWN_LAYERS: {
    meaning: 'The option "layers" has no layers of this name.',
    page: 'layers.md#layers-that-pictures-share',
  },
  LAYER_FILE_NOT_FOUND: {
    meaning: 'A font or an image of a layer does not exist.',
    page: 'layers.md',
  },
  UNREADABLE_FONT: {
    meaning: 'A font of a layer is not a TrueType, OpenType or WOFF file, or is damaged.',
    more: 'WOFF2 is not read. Packages of Fontsource have a `.woff` beside each `.woff2`.',
    page: 'layers.md#fonts-and-scripts',
  },
  MISSING_GLYPH: {
    meaning: 'The fonts of a layer lack a character of its text.',
    more: 'Name several fonts: each character comes from the first that has it. Fonts that are installed on a machine are never used.',
    page: 'layers.md#fonts-and-scripts',
  },
  TEXT_TOO_LONG: {
    meaning: 'The text of a layer does not fit on the picture, not even in its smallest size.',
    page: 'layers.md#kinds',
  },
  UNSUPPORTED_LAYER: {
    meaning: 'A file that a layer is to show is not an image that can be drawn.',
    page: 'layers.md#kinds',
  },
} as const
