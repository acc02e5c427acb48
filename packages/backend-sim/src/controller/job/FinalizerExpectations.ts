/** Pods whose tracking finalizers were removed while the caches still show them (`pkg/controller/job/tracking_utils.go`). */

const none: ReadonlySet<string> = new Set()

export class FinalizerExpectations {
  readonly #byJob = new Map<string, Set<string>>()

  /** UIDs; what is observed later does not change them. */
  of(job: string): ReadonlySet<string> {
    const uids = this.#byJob.get(job)
    return uids === undefined || uids.size === 0 ? none : new Set(uids)
  }

  expectRemoved(job: string, uids: ReadonlyArray<string>): void {
    const known = this.#byJob.get(job) ?? new Set()
    for (const uid of uids) known.add(uid)
    this.#byJob.set(job, known)
  }

  removalObserved(job: string, uid: string): void {
    this.#byJob.get(job)?.delete(uid)
  }

  delete(job: string): void {
    this.#byJob.delete(job)
  }
}
