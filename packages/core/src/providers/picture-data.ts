/** The bytes of a picture in JSON: base64, also where a proxy has made a data URL of it. */
export function pictureBytes(data: string): Uint8Array {
  return Buffer.from(data.replace(/^data:[^,]{0,99},/, ''), 'base64')
}
