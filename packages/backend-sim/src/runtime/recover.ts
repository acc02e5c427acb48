/**
 * After a reboot: sandboxes and containers are on disk, their tasks are not (containerd `internal/cri/server/restart.go`,
 * loadContainer: what ran has ended now, with the unknown exit code).
 */
import type { Instant } from "@kubereel/core"
import type { RuntimePod } from "./RuntimePod.ts"

export const recover = (pod: RuntimePod, now: Instant): void => {
  pod.sandboxes = pod.sandboxes.map((sandbox) => ({ ...sandbox, ready: false }))
  for (const process of pod.containers)
    if (process.container.state === "running") {
      const end = { state: "exited", finishedAt: now, exitCode: 255, reason: "Unknown" } as const
      process.container = { ...process.container, ...end }
    }
}
