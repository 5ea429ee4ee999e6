import { DEFAULT_PROVIDER, lintRules, PROMPT_LANGUAGES } from '@gemini-image/core/internal'
import { code, GENERATED, table } from './markdown.ts'

const ADVICE = `Google's [guide](https://ai.google.dev/gemini-api/docs/image-generation) says how its models want to be asked. In short:

- **Describe, in sentences.** Say who or what is there, doing what, where, and in what light. A list of keywords makes a poorer
  picture than one paragraph.
- **Be specific.** Not "a beautiful bowl" but its glaze, its rim and its chips. Each detail that you leave out, the model chooses.
- **Say what it is for.** "A logo for a bakery that grinds its own flour" is more than "a logo".
- **Direct the camera.** Wide-angle or macro, from below or from above, an 85mm lens: these words place you in the scene. In an
  illustration, name the style, the lines and the shading.
- **Say what is there, not what is missing.** "An empty street at dawn", not "no cars".
- **Take steps.** For a scene of many parts, write what comes first, then what stands in front of it, then the detail. A picture that is
  nearly right gets better by [turns](declarations.md#step-by-step), one small change at a time.
- **Settle the words first.** Text that is to stand in the picture is written before the picture is asked for, and in quote
  marks, letter for letter. Or let the model write it: [\`output: text\`](declarations.md#words-first) asks for words, and a turn
  draws from them.
- **Leave shape and size to the settings.** \`aspectRatio\`, \`size\`, \`transparent\` and \`variants\` do what words in a prompt can't;
  \`aspectRatio: auto\` keeps the shape of the picture that you hand over.
- **Use pictures that you may use.** What stands under \`references\` is sent to Google: make sure that you have the rights to it. How
  many images a model takes stands in [models.md](models.md#what-they-can-do); none takes sound or film. An earlier version of the guide
  excludes photographs of children in the EEA, Switzerland and the United Kingdom.

[Templates](templates.md) put much of this into words.`

const LINT = `\`gemini-image lint\` reads every declaration, used or not, and says where it goes against this advice. It is free: nothing
is sent, no key is needed. Advice is no error. The exit code is 0 unless you say \`--strict\`, and builds do not run it.`

const EXAMPLE = `src/hero.prompt.md:5:10  ratio-words
  The prompt says 3:2, and aspectRatio is 1:1 by default.
  The setting decides the shape. Words that say another compose the picture for a frame that it does not get.
  What to do: write "aspectRatio: 3:2", or take the ratio out of the prompt.`

const USAGE = `gemini-image lint                      # all declarations
gemini-image lint hero "src/blog/**"   # some of them
gemini-image lint --ignore negatives   # without a rule
gemini-image lint --strict             # ends with 1 where there is advice, for CI`

const LIMITS = `Most rules read English. \`language\` knows prompts in other scripts than those of the languages above, and by their most frequent
words Czech, Danish, Dutch, Polish, Swedish and Turkish. Words in quote marks, and the slots whose text is drawn, are left alone. So are
style files, and \`{{variables}}\` in the body of a prompt.`

/** docs/prompts.md */
export function promptsPage(): string {
  return [
    '# Writing prompts',
    GENERATED,
    ADVICE,
    '## Languages',
    `Google lists ${PROMPT_LANGUAGES.map(({ name, code: tag }) => `${name} (\`${tag}\`)`).join(', ')}. Others work less well.`,
    '## Checking them',
    LINT,
    code('text', EXAMPLE),
    code('sh', USAGE),
    '`--json` gives `read`, the number of declarations, and `advice`: a list of `{ id, picture, file, line, column, what, why, fix }`.',
    table(
      ['rule', 'finds', 'why'],
      lintRules(DEFAULT_PROVIDER).map(({ id, finds, why }) => [`\`${id}\``, finds, why]),
    ),
    LIMITS,
  ].join('\n\n')
}
