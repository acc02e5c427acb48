/** The words of properties, for modules of users: what they import as `@kubereel/core`. */
export * from "@kubereel/core"

/** Where this module is. */
export const here = import.meta.url
