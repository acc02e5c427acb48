/** The fields of a record that have a value: in an event an absent field is left out, in a state it is `undefined`. */
type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> }

export const present = <T extends object>(fields: T): Present<T> => {
  const found: { -readonly [K in keyof T]?: T[K] } = {}
  for (const key in fields) if (fields[key] !== undefined) found[key] = fields[key]
  return found as Present<T>
}
