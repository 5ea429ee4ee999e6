/** Where Vertex AI answers for a location. */
export function baseUrlOf(location: string): string {
  if (location === 'global') return 'https://aiplatform.googleapis.com'
  // The two multi-regions have hosts of their own.
  return location === 'us' || location === 'eu'
    ? `https://aiplatform.${location}.rep.googleapis.com`
    : `https://${location}-aiplatform.googleapis.com`
}

/** What stands before the path of a request; empty for an express key, whose project Google knows. */
export function parentOf(project: string | undefined, location: string): string {
  return project === undefined ? '' : `projects/${project}/locations/${location}/`
}

/** The address of what the Developer API calls `models/…` or `interactions`, behind the API version. */
export function toVertexPath(path: string, parent: string): string {
  return parent + (path.startsWith('models/') ? `publishers/google/${path}` : path)
}
