/** Where in a map of settings a person is typing. */
export interface Cursor {
  /** Keys from the outermost map inwards, `[]` for an item of a list. The map itself, for a key; what holds the value. */
  readonly path: readonly string[]
  readonly kind: 'key' | 'value'
  /** What stands before the cursor, without a quote. */
  readonly typed: string
  /** The offset at which that begins. */
  readonly start: number
  /** Whether a quote stands before it. */
  readonly isQuoted: boolean
  /** The other keys of the map, with their values where these are plain. */
  readonly beside: ReadonlyMap<string, string>
}

/** What one line of YAML begins with. */
interface Line {
  /** The column of the first dash, or of the content. */
  readonly indent: number
  readonly dashes: number
  /** The column of the content. */
  readonly column: number
  readonly key: string | undefined
  /** What stands behind the colon, or all where there is none. */
  readonly value: string
  readonly isBlank: boolean
}

const LINE = /^( *)((?:- +|-$)*)(?:("[^"]*"|'[^']*'|[\w$.-]+):(?: +|$))?(.*)$/

function readLine(text: string): Line {
  const [, spaces = '', dashes = '', key, value = ''] = LINE.exec(text) ?? []
  return {
    indent: spaces.length,
    dashes: dashes.length,
    column: spaces.length + dashes.length,
    key: key?.replaceAll(/^["']|["']$/g, ''),
    value,
    isBlank: /^\s*(?:#.*)?$/.test(text),
  }
}

/**
 * Where an offset lies in YAML that may be broken: lines and their indentation are looked at, as a person does.
 * @param base The offset of the YAML in its document.
 */
export function cursorInYaml(yaml: string, offset: number, base = 0): Cursor {
  const before = yaml.slice(0, offset)
  const number = before.split('\n').length - 1
  const lines = yaml.split('\n')
  const prefix = before.slice(before.lastIndexOf('\n') + 1)
  const line = readLine(prefix)
  const own = line.key === undefined ? [] : [line.key]
  const above = pathAbove(lines, number, line)
  const beside = besideOf(lines, number, line.column)
  const flow = /^[[{]/.test(line.value) ? cursorInFlow(line.value) : undefined
  if (flow) {
    const start = base + offset - flow.typed.length
    return { ...flow, path: [...above, ...own, ...flow.path], start }
  }
  const [, quote = '', typed = ''] = /^(["']?)(.*)$/.exec(line.value) ?? []
  const kind = line.key !== undefined || quote !== '' ? 'value' : 'key'
  return {
    path: [...above, ...own],
    kind,
    typed,
    start: base + offset - typed.length,
    isQuoted: quote !== '',
    beside,
  }
}

/** The keys that a line lies below. */
function pathAbove(lines: readonly string[], number: number, line: Line): readonly string[] {
  const path: string[] = []
  const enter = (one: Line): Pick<Line, 'column'> & { readonly isItem: boolean } => {
    const isItem = one.dashes > 0
    if (isItem) path.unshift('[]')
    return { isItem, column: isItem ? one.indent : one.column }
  }
  let { column, isItem } = enter(line)
  for (const text of lines.slice(0, number).toReversed()) {
    if (column === 0 && !isItem) break
    const one = readLine(text)
    if (one.isBlank) continue
    const isOwner = one.key !== undefined && one.value.trim() === ''
    if (isItem) {
      // A list may stand at the very column of its key.
      if (!isOwner || one.column > column) continue
    } else if (one.dashes > 0 && one.column === column) {
      // The first line of the item that this one belongs to.
      ;({ column, isItem } = enter(one))
      continue
    } else if (!isOwner || one.column >= column) continue
    path.unshift(one.key ?? '')
    ;({ column, isItem } = enter(one))
  }
  return path
}

/** The other keys of the map that a line belongs to. */
function besideOf(
  lines: readonly string[],
  number: number,
  column: number,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const look = (step: 1 | -1): void => {
    for (let index = number + step; index >= 0 && index < lines.length; index += step) {
      const one = readLine(lines[index] ?? '')
      if (one.isBlank) continue
      // Going down, a dash begins another item; going up, it is the first line of this one.
      if (one.column < column || (step === 1 && one.dashes > 0 && one.column === column)) return
      if (one.column === column && one.key !== undefined) found.set(one.key, one.value.trim())
      if (one.column === column && one.dashes > 0) return
    }
  }
  look(-1)
  look(1)
  return found
}

/** A list or a map between brackets that is not closed yet. */
interface Open {
  readonly isMap: boolean
  key: string | undefined
  readonly values: Map<string, string>
}

/** The pieces of code or flow YAML: what holds no other, and the signs that part them. */
export interface Piece {
  readonly type: 'open' | 'close' | 'colon' | 'comma' | 'text' | 'blank'
  readonly value: string
  readonly isQuoted?: boolean
}

/** Where the end of a text lies, of which all brackets that were opened last are open. */
export function cursorIn(pieces: readonly Piece[]): Omit<Cursor, 'start'> | undefined {
  const stack: Open[] = []
  let last: Piece | undefined
  for (const piece of pieces) {
    const top = stack.at(-1)
    if (piece.type === 'blank') {
      last = undefined
      continue
    }
    if (piece.type === 'open') {
      stack.push({ isMap: piece.value === '{', key: undefined, values: new Map() })
    } else if (piece.type === 'close') {
      stack.pop()
      if (stack.length === 0) return undefined
    } else if (piece.type === 'colon' && top) top.key ??= top.values.get(PENDING)
    else if (piece.type === 'comma' && top) top.key = undefined
    else if (piece.type === 'text' && top) {
      top.values.set(top.key ?? PENDING, piece.value)
    }
    last = piece.type === 'text' ? piece : undefined
  }
  const top = stack.at(-1)
  if (!top) return undefined
  const path = stack.flatMap((one, index) => {
    const isLast = index === stack.length - 1
    if (!one.isMap) return ['[]']
    return one.key === undefined && isLast ? [] : [one.key ?? '']
  })
  const isValue = !top.isMap || top.key !== undefined
  const beside = new Map([...top.values].filter(([key]) => key !== PENDING && key !== top.key))
  return {
    path,
    kind: isValue ? 'value' : 'key',
    typed: last?.value ?? '',
    isQuoted: last?.isQuoted ?? false,
    beside,
  }
}

/** A text in a map of which it is not known yet whether it is a key. */
const PENDING = '\0'

const FLOW =
  /([[{])|([\]}])|(:(?=\s|$))|(,)|"([^"]*)("|$)|'([^']*)('|$)|([^\s[\]{},:"'](?:[^[\]{},:]|:(?!\s|$))*)|(\s+)/g

function cursorInFlow(text: string): Omit<Cursor, 'start'> | undefined {
  const pieces = [...text.matchAll(FLOW)].map((match): Piece => {
    const [value, open, close, colon, comma, double, doubleEnd, single, singleEnd, plain] = match
    if (open !== undefined) return { type: 'open', value }
    if (close !== undefined) return { type: 'close', value }
    if (colon !== undefined) return { type: 'colon', value }
    if (comma !== undefined) return { type: 'comma', value }
    const quoted = double ?? single
    if (quoted !== undefined) {
      const isOpen = (doubleEnd ?? singleEnd) === ''
      return { type: 'text', value: quoted, isQuoted: isOpen }
    }
    return plain === undefined ? { type: 'blank', value } : { type: 'text', value: plain }
  })
  return cursorIn(pieces)
}
