/** A record with what `make` makes of each key. */
export function each<Key extends string | number, To>(keys: readonly Key[], make: (key: Key) => To): Record<Key, To> {
  return Object.fromEntries(keys.map((key) => [key, make(key)])) as Record<Key, To>;
}

/** A record with what `map` makes of each value. */
export function mapped<Key extends string | number, From, To>(record: Record<Key, From>, map: (from: From) => To): Record<Key, To> {
  return Object.fromEntries(Object.entries<From>(record).map(([key, value]) => [key, map(value)])) as Record<Key, To>;
}
