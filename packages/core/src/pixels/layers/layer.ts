import type { Place } from '../../kernel/place.ts'

/** What all layers have. Lengths are percentages of the picture's shorter side, unless they say otherwise. */
interface Common {
  /** Where it is declared. */
  readonly place: Place
  /** A corner, an edge or the middle, such as `bottom left`; or where its centre lies, such as `30% 60%`. `start` is the side where the first text begins. */
  readonly at: string
  /** How far it stays away from the edges. */
  readonly margin: number
  /** How far it stays away from the layer before it at the same place. */
  readonly gap: number
}

/** Words. */
export interface TextLayer extends Common {
  readonly kind: 'text'
  /** As declared: `{{title}}` is filled in where the picture is used. */
  readonly text: string
  /** Absolute paths: the first that has a character draws it. */
  readonly fonts: readonly string[]
  /** The height of a line of letters, as `font-size` has it. */
  readonly size: number
  /** The least that long text is shrunk to. */
  readonly minSize: number
  /** The most lines that it may have. */
  readonly lines: number
  /** The most that it is wide, in percent of the picture's width. */
  readonly width: number
  /** A multiple of the size. */
  readonly lineHeight: number
  /** A multiple of the size. */
  readonly letterSpacing: number
  readonly color: string
  /** `start` is the right for text that is read from there. */
  readonly align: 'start' | 'center' | 'end' | 'left' | 'right'
  /** The colour of a box behind it. */
  readonly background: string | undefined
  /** Between the text and the edge of its box. */
  readonly padding: number
  /** Of the corners of its box. */
  readonly radius: number
}

/** A picture of the project, such as a logo. */
export interface ImageLayer extends Common {
  readonly kind: 'image'
  /** Absolute path. */
  readonly file: string
  /** In percent of the picture's width. */
  readonly width: number
}

/** A plain shape. */
export interface ShapeLayer extends Common {
  readonly kind: 'shape'
  readonly shape: 'rect' | 'ellipse'
  readonly color: string
  /** In percent of the picture's width. */
  readonly width: number
  /** In percent of the picture's height. */
  readonly height: number
  readonly radius: number
}

/** A shade that words stand out from. */
export interface ScrimLayer extends Pick<Common, 'place'> {
  readonly kind: 'scrim'
  /** The edge where it is darkest; `all` for an even one. */
  readonly side: 'top' | 'bottom' | 'left' | 'right' | 'all'
  readonly color: string
  /** At its darkest, from 0 to 1. */
  readonly opacity: number
  /** How far it reaches, in percent of the picture. */
  readonly reach: number
}

/** Something that is drawn over a picture, on this machine and for nothing. */
export type Layer = TextLayer | ImageLayer | ShapeLayer | ScrimLayer

/** A layer that has a place among others. */
export type PlacedLayer = Exclude<Layer, ScrimLayer>

/** The files that layers are drawn with, each once. */
export function filesOfLayers(layers: readonly Layer[]): readonly string[] {
  const files = layers.flatMap((layer) =>
    layer.kind === 'text' ? layer.fonts : layer.kind === 'image' ? layer.file : [],
  )
  return [...new Set(files)]
}
