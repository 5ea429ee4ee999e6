/**
 * How a picture came about, as a term of IPTC's vocabulary of digital source types:
 * `trainedAlgorithmicMedia` was drawn by a model alone; `compositeWithTrainedAlgorithmicMedia` shows
 * something that was there before, changed or added to by a model.
 * @see https://cv.iptc.org/newscodes/digitalsourcetype/
 */
export type SourceType = 'trainedAlgorithmicMedia' | 'compositeWithTrainedAlgorithmicMedia'

/** The vocabulary's address of a source type, which is what metadata holds. */
export function sourceTypeUri(type: SourceType): string {
  return `http://cv.iptc.org/newscodes/digitalsourcetype/${type}`
}
