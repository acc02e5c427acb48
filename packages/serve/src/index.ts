/** The Kubernetes API over HTTP, over whatever stands behind it (`ServedCluster` in core). Read `http`, then `past`, then `wire`. */
export { type RequestInfo, requestInfo } from "./http/requestInfo.ts"
export * from "./wire/answer.ts"
export * from "./wire/discovery/discovered.ts"
export { discoveryAnswer } from "./wire/discovery/discoveryAnswer.ts"
export * from "./wire/negotiate.ts"
export * from "./wire/serverInfo.ts"
export * from "./wire/protobuf.ts"
export { fromYaml } from "./wire/yaml.ts"
