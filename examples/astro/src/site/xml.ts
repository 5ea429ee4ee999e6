const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' }

/** Text for an element, or for an attribute in double quotes. */
export function escapeXml(text: string): string {
  return text.replaceAll(/[&<"]/g, (sign) => ENTITIES[sign] ?? sign)
}
