import { useRef, useState } from 'preact/hooks'
import { useStudio } from './studio.ts'

interface Drop {
  /** Whether a file is held over the element. */
  readonly isOver: boolean
  readonly handlers: {
    readonly onDragEnter: (event: DragEvent) => void
    readonly onDragOver: (event: DragEvent) => void
    readonly onDragLeave: () => void
    readonly onDrop: (event: DragEvent) => void
  }
}

/** Lets a file be dropped on an element. */
export function useDrop(take: (file: File) => void): Drop {
  const { isReadOnly } = useStudio()
  const [isOver, setOver] = useState(false)
  // Children are entered and left as well.
  const depth = useRef(0)
  const end = (): void => {
    depth.current = 0
    setOver(false)
  }
  return {
    isOver,
    handlers: {
      onDragEnter: (event) => {
        if (isReadOnly || !event.dataTransfer?.types.includes('Files')) return
        depth.current++
        setOver(true)
      },
      onDragOver: (event) => event.preventDefault(),
      onDragLeave: () => {
        if (--depth.current <= 0) end()
      },
      onDrop: (event) => {
        event.preventDefault()
        end()
        const file = event.dataTransfer?.files[0]
        if (file && !isReadOnly) take(file)
      },
    },
  }
}
