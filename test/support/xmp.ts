import { DOMParser } from '@xmldom/xmldom'

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'

/**
 * The properties of an XMP packet, by namespace and name, as an XML parser reads them.
 * @throws where it is not well-formed.
 */
export function readPacket(packet: Uint8Array): Record<string, string> {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(packet)
  const parser = new DOMParser({
    onError: (level, message) => {
      // U+FFFD is worth a warning to it.
      if (level !== 'warning') throw new Error(message)
    },
  })
  const document = parser.parseFromString(text, 'text/xml')
  const [description] = [...document.getElementsByTagNameNS(RDF, 'Description')]
  const properties = [...(description?.childNodes ?? [])].filter(({ nodeType }) => nodeType === 1)
  return Object.fromEntries(
    properties.map((one) => [`${one.namespaceURI}${one.localName}`, one.textContent ?? '']),
  )
}
