/** What a picture module imports to make one object of its picture. */
export const OBJECT_SPECIFIER = 'virtual:gemini-image/object'

/** The id of that module. */
export const OBJECT_MODULE_ID = '\0gemini-image:object.js'

/**
 * Its code: one copy serves all pictures of a bundle. A host's object is looked through and not copied:
 * Astro ships a file when its object is read, and not before.
 */
export const OBJECT_MODULE_CODE = `export function toObject(image, size, facts) {
  if (typeof image !== 'object') return { src: image, ...size, ...facts }
  return new Proxy(image, {
    get: (target, name) => (Object.hasOwn(facts, name) ? facts[name] : target[name]),
    has: (target, name) => Object.hasOwn(facts, name) || name in target,
    ownKeys: (target) => [...new Set([...Reflect.ownKeys(target), ...Object.keys(facts)])],
    getOwnPropertyDescriptor: (target, name) =>
      Object.hasOwn(facts, name)
        ? { value: facts[name], enumerable: true, configurable: true }
        : Reflect.getOwnPropertyDescriptor(target, name),
  })
}
`
