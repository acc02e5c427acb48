/**
 * Which recorded scenarios break which refuted belief, in at least one of their recordings; `*`: each of them does. The others are broken
 * in the simulator alone.
 */
export const brokenBy: { readonly [belief: string]: string } = {
  R2: `
    deadline-in-init delete-image-missing fuzz-1002 fuzz-1003 fuzz-1004 fuzz-1005 fuzz-1006 fuzz-1008
    fuzz-1011 fuzz-1012 fuzz-1013 fuzz-1016 fuzz-1017 fuzz-1018 image-missing-beside init-crash-deleted
    init-deleted init-exec init-fail-always init-fail-never init-then-two init-two init-waits restart-all
    run-as-non-root sidecar-after-main sidecar-crashes sidecar-delete-slow sidecar-fails-startup sidecar-job
    sidecar-order sidecar-probed`,
  R3: `
    always-exit-zero bad-command complete-never crash-loop daemonset fail-never fortune-emptydir
    fortune-no-volume fuzz-1004 fuzz-1010 fuzz-1011 fuzz-1012 fuzz-1013 fuzz-1014 fuzz-1016 fuzz-1017
    fuzz-1018 fuzz-1020 grpc-liveness hostpath-shared hung image-becomes-missing image-policies
    job-index-limit job-onfailure job-parallel job-success-policy job-ttl killed-from-outside
    liveness-slow-app liveness-tcp message-limits one-off-client oom-killed policies-and-codes
    poststart-fails poststart-http-refused prestop-on-liveness prestop-skipped probe-grace restart-all
    restart-rules retry-onfailure sidecar-after-main sidecar-job startup-never statefulset-broken-down stdin
    termination-message two-never-mixed`,
  R4: `
    budget-drain delete-grace-option delete-in-poststart delete-in-prestop delete-one-ignores
    delete-unscheduled finalizer force-delete fuzz-1001 fuzz-1002 fuzz-1006 fuzz-1020 hostpath-root
    init-deleted job-success-policy job-suspend job-ttl node-lost one-off-client prestop-eats-grace
    prestop-skipped rollout-recreate rollout-surge run-forever sidecar-delete-slow stop-signal
    three-delete-order zone-brown-out zone-outage zones-all-lost`,
  R5: `
    budget-drain daemonset-on-delete delete-all-pods delete-grace-option delete-in-poststart
    delete-in-prestop delete-one-ignores delete-several delete-shortened deployment-deleted deployment-scale
    deployment-to-zero drain emptydir-shared endpoints-not-ready ephemeral-container finalizer force-delete
    fortune-emptydir fortune-no-volume fuzz-1001 fuzz-1009 hook-sleep hooks-both host-network hostpath-root
    job-onfailure job-success-policy job-suspend node-lost poststart-log preemption preemption-cheapest
    prestop-eats-grace prestop-fails prestop-https-fallback prestop-skipped prestop-then-term rollout-paused
    rollout-recreate rollout-scaled rollout-surge run-forever service-endpoints share-process-namespace
    sidecar-delete-slow sidecar-order sidecar-probed statefulset statefulset-broken-down statefulset-parallel
    static-volumes stop-signal taint-comes-and-goes taint-no-execute three-delete-order trap-term
    two-containers-start zone-brown-out zone-outage zone-spread-rollout zones-all-lost`,
  R6: "restart-all restart-rules",
  R7: "restart-all",
  R8: "fuzz-1006 fuzz-1020 poststart-fails poststart-http-refused",
  R10: `
    delete-all-pods rollout-paused rollout-scaled rollout-surge taint-comes-and-goes zone-outage
    zone-spread-rollout`,
  R11: "node-lost zone-brown-out zone-outage zones-all-lost",
  R14: "*",
  R15: "node-lost zone-brown-out zone-outage zones-all-lost",
  R18: "delete-in-poststart fuzz-1004 fuzz-1005 fuzz-1013 init-waits poststart-fails-never",
  R20: "budget-drain drain endpoints-not-ready statefulset zone-outage",
  R21: `
    active-deadline always-exit-zero complete-never fortune-emptydir fortune-no-volume fuzz-1004 fuzz-1010
    fuzz-1011 fuzz-1017 hostpath-shared image-policies job-index-limit job-parallel job-success-policy
    job-ttl labels-change one-off-client policies-and-codes poststart-fails-never prestop-skipped
    retry-onfailure sidecar-after-main sidecar-job stdin`
}
