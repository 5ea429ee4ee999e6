/** Images that a declaration refers to. */
export const references = {
  REFERENCE_NOT_FOUND: {
    meaning: 'A reference image does not exist.',
    page: 'declarations.md#pictures-from-pictures',
  },
  REFERENCE_OUTSIDE_ROOT: {
    meaning: 'A reference lies outside the project, perhaps by way of a symbolic link.',
    more: 'References are sent to the model, so they have to be files of the project. Copy the image into it.',
    page: 'declarations.md#pictures-from-pictures',
  },
  REFERENCE_NOT_ALLOWED: {
    meaning: 'A reference image on the web is not https, or its host is not allowed.',
    page: 'declarations.md#pictures-from-pictures',
  },
  REFERENCE_UNAVAILABLE: {
    meaning: 'A reference image on the web could not be fetched.',
    more: 'Once its picture is pinned, a build needs the image no more.',
    page: 'declarations.md#pictures-from-pictures',
  },
  REFERENCE_CHANGED: {
    meaning: 'A reference image is no longer the one that was read or pinned.',
    page: 'declarations.md#pictures-from-pictures',
  },
  UNSUPPORTED_REFERENCE: {
    meaning: 'A reference is not a still JPEG, PNG or WebP image.',
    page: 'declarations.md#pictures-from-pictures',
  },
  REFERENCE_TYPE_MISMATCH: {
    meaning: 'A reference image is of another type than its name says.',
    page: 'declarations.md#pictures-from-pictures',
  },
  REFERENCE_TOO_LARGE: {
    meaning: 'Reference images have too many pixels or bytes.',
    page: 'declarations.md#pictures-from-pictures',
  },
  CIRCULAR_REFERENCE: {
    meaning: 'Declarations refer to each other in a loop.',
    page: 'declarations.md#pictures-from-pictures',
  },
} as const
