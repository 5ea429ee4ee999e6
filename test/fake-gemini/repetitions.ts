/** Counts how often each key has come by. */
export interface Repetitions {
  /** 1 for the first time. */
  count(key: string): number
}

export function createRepetitions(): Repetitions {
  const counts = new Map<string, number>()
  return {
    count: (key) => {
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      return count
    },
  }
}
