/**
 * An XMP packet that says how a picture came about, and nothing else.
 * @param sourceTypeUri A term of IPTC's vocabulary of digital source types.
 * @see https://iptc.org/std/photometadata/specification/IPTC-PhotoMetadata#digital-source-type
 * @see https://developer.adobe.com/xmp/docs/XMPSpecifications/ part 1, 7.3: the packet's wrapper.
 */
export function xmpPacket(sourceTypeUri: string): Buffer {
  return Buffer.from(
    [
      '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
      '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
      '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
      '<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">',
      `<Iptc4xmpExt:DigitalSourceType>${sourceTypeUri}</Iptc4xmpExt:DigitalSourceType>`,
      '</rdf:Description></rdf:RDF></x:xmpmeta>',
      '<?xpacket end="w"?>',
    ].join(''),
  )
}
