/** How long an alternative text is asked to be, in characters: some screen readers cut at this. */
const ASKED_LENGTH = 150

/** As much of a prompt as its language can be told from, in characters. */
const PROMPT_LENGTH = 1000

/**
 * What a text model is asked for. The prompt is sent for its language alone, so that what is described
 * is what the picture shows and not what was wished for.
 * @param prompt What the picture was drawn from.
 * @param language What to write in, as a person says it: `de`, `German`. @default that of the prompt
 */
export function altInstruction(prompt: string, language: string | undefined): string {
  const lines = [
    'Write the alternative text of this picture, for people who cannot see it.',
    `One or two plain sentences in one line, with less than ${ASKED_LENGTH} characters in all.`,
    'Say what can be seen and matters most. Text in the picture is to be told word for word.',
    'Do not begin with "image of", "picture of" or the like in any language. No quotation marks around it, no Markdown, nothing else.',
  ]
  if (language !== undefined) return [...lines, `Write in this language: ${language}`].join('\n')
  return [
    ...lines,
    'Write in the language of the following text. It serves for nothing else: do not repeat its words, and describe nothing that cannot be seen.',
    JSON.stringify(prompt.slice(0, PROMPT_LENGTH).toWellFormed()),
  ].join('\n')
}
