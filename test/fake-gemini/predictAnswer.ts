import type { Dialect } from './dialect.ts'

const filtered = {
  predictions: [
    {
      raiFilteredReason:
        "Unable to show generated images. All images were filtered out because they violated Google's " +
        'Responsible AI practices. Support codes: 58061214.',
    },
  ],
}

/** How Imagen answers: pictures and nothing else. */
export const predictDialect: Dialect = {
  result: (pieces) => {
    const predictions = pieces
      .filter((piece) => piece.kind === 'image')
      .filter(({ thought }) => !thought)
      .map(({ mimeType, bytes }) => ({ mimeType, bytesBase64Encoded: bytes.toString('base64') }))
    return predictions.length === 0 ? {} : { predictions }
  },
  blocked: () => filtered,
  promptBlocked: () => filtered,
  opening: '{"predictions":[{"mimeType":',
}
