import { z } from 'zod'
import { list, text } from '../lenient.ts'
import { badAnswer } from '../refusal.ts'
import { sendJson, type Desk } from './api-client.ts'

const page = z.object({ models: list(z.object({ name: z.string() })), nextPageToken: text })

/** As many models as a page may hold. @see https://ai.google.dev/api/models */
const PAGE = 1000

/** The ids of all models that the server lists. Costs nothing. */
export async function listModels(desk: Desk): Promise<readonly string[]> {
  const ids: string[] = []
  const seen = new Set<string>()
  for (let token: string | undefined = ''; token !== undefined && !seen.has(token);) {
    seen.add(token)
    const next: string = token && `&pageToken=${encodeURIComponent(token)}`
    const parsed = page.safeParse(await sendJson(desk, 'GET', `models?pageSize=${PAGE}${next}`))
    if (!parsed.success) throw badAnswer('it is not a list of models')
    ids.push(...parsed.data.models.map(({ name }) => name.replace(/^models\//, '')))
    // An empty token is the end, as none is.
    token = parsed.data.nextPageToken || undefined
  }
  return ids
}
