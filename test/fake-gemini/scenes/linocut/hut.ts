import { times } from '../random.ts'
import { box, ink, poly, trace } from './pen.ts'

export interface HutInks {
  wall: string
  roof: string
  glow: string
  trim: string
}

/** The ferry hut, its ground at 0, about twenty-six units wide. */
export function hut({ wall, roof, glow, trim }: HutInks): string {
  const boards = times(9, (index) => trace(`M${-9 + index * 2.3}-11.4V0`, roof, 0.2))
  const tiles = times(3, (row) =>
    trace(`M${-11 + row * 1.5}${-12.6 - row * 2.1}H${11 - row * 1.5}`, trim, 0.22),
  )
  return (
    box(5.4, -25, 3, 8, roof) +
    box(4.9, -25.6, 4, 1.2, roof) +
    box(-10, -12, 20, 12, wall) +
    boards.join('') +
    ink(
      poly([
        [-13, -11.6],
        [-7, -20.4],
        [7, -20.4],
        [13, -11.6],
      ]),
      roof,
    ) +
    tiles.join('') +
    box(-7.4, -9, 5.4, 5.2, glow) +
    trace('M-4.7-9v5.2M-7.4-6.4h5.4', roof, 0.4) +
    trace('M-7.4-9h5.4v5.2h-5.4z', trim, 0.5) +
    box(2.4, -9.4, 4.6, 9.4, roof) +
    box(6, -5.2, 0.5, 0.9, trim)
  )
}
