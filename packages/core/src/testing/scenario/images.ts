/** What becomes of the images that containers name. */
import type { JsonObject } from "../../event/Json.ts"

/** `pull` and `slow`: how long those that are pulled, and slowly pulled, take. */
export const imagesOf = (pull: string, slow: string): ReadonlyArray<JsonObject & { readonly image: string }> => [
  { image: "there:1", present: true },
  { image: "pulled:1", pull, size: "5Mi" },
  { image: "slow:1", pull: slow, size: "900Mi" },
  { image: "missing:1", error: "NotFound" },
  { image: "registry.example/*", error: "Unauthorized" },
  { image: "down.example/*", error: "Unavailable" },
  { image: "limited.example/*", error: "RateLimited" },
  { image: "user:1", present: true, user: "1000:1000" },
  { image: "named:1", present: true, user: "nobody" }
]
