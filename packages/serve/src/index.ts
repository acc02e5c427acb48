/** The Kubernetes API over HTTP, over whatever stands behind it (`ServedCluster` in core). Read `http`, then `past`, then `wire`. */
export { type RequestInfo, requestInfo } from "./http/requestInfo.ts"
