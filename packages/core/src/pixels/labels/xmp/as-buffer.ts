/** The same bytes, with the methods of a buffer. Published types name none: sites may lack Node's types. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
