/** What only we know of a picture, beside what the host makes of its file. */
type Facts = Readonly<Record<string, unknown>>

/**
 * One object of a picture, on every host. A host's object is looked through and not copied: Astro ships
 * a file when its object is read, and not before. Runs in browsers, and stands on its own: its text is a
 * module of Vite.
 */
export function toObject(image: unknown, size: Facts, facts: Facts): object {
  if (typeof image !== 'object' || image === null) return { src: image, ...size, ...facts }
  return new Proxy(image, {
    get: (target, name) => Reflect.get(Object.hasOwn(facts, name) ? facts : target, name),
    has: (target, name) => Object.hasOwn(facts, name) || name in target,
    ownKeys: (target) => [...new Set([...Reflect.ownKeys(target), ...Object.keys(facts)])],
    getOwnPropertyDescriptor: (target, name) =>
      Object.hasOwn(facts, name)
        ? { value: Reflect.get(facts, name), enumerable: true, configurable: true }
        : Reflect.getOwnPropertyDescriptor(target, name),
  })
}
