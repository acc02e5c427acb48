/** The release that a scenario asks for. */
import { type KubernetesRelease, latestRelease, releaseOf } from "@kubereel/core"

/** Throws for a version whose behaviour is not known: whoever reads a scenario has looked before. */
export const knownRelease = (version: string | undefined): KubernetesRelease => {
  const release = version === undefined ? latestRelease : releaseOf(version)
  if (release === undefined) throw new Error(`the behaviour of Kubernetes ${JSON.stringify(version)} is not known`)
  return release
}
