/** Results kept for as long as what they were made of. Must not know what is made. */

/**
 * The function, worked out once for each key that `worthwhile` holds of: the zones of reference data are asked about with
 * every event, the points of events only once.
 */
export function remembered<Key extends object, Made>(
  make: (key: Key) => Made,
  worthwhile: (made: Made, key: Key) => boolean,
): (key: Key) => Made {
  const known = new WeakMap<Key, { readonly made: Made }>();
  return (key) => {
    const entry = known.get(key);
    if (entry !== undefined) return entry.made;
    const made = make(key);
    if (worthwhile(made, key)) known.set(key, { made });
    return made;
  };
}
