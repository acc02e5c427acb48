/** The same objects in every format that is read, for what must hold whatever the format is. */
import type { JsonObject } from "@kubereel/core"
import { stringify } from "yaml"

const text = (...lines: ReadonlyArray<unknown>): string => lines.map((line) => `${JSON.stringify(line)}\n`).join("")

const plurals: { readonly [kind: string]: string } = {
  Pod: "pods",
  Secret: "secrets",
  ConfigMap: "configmaps",
  Event: "events",
  Deployment: "deployments"
}

const audited = (object: JsonObject, i: number): JsonObject => {
  const { name, namespace } = object.metadata as JsonObject
  return {
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: "RequestResponse",
    auditID: `id-${i}`,
    stage: "ResponseComplete",
    verb: "update",
    user: { username: "somebody" },
    objectRef: {
      resource: plurals[String(object.kind)] ?? "",
      name,
      namespace,
      ...(object.kind === "Deployment" ? { apiGroup: "apps" } : {})
    },
    responseStatus: { code: 200 },
    requestObject: object,
    responseObject: object,
    stageTimestamp: "2026-08-01T12:00:00.000000Z"
  }
}

const googled = (object: JsonObject, i: number): JsonObject => {
  const { name, namespace } = object.metadata as JsonObject
  const resource = plurals[String(object.kind)] ?? ""
  return {
    insertId: `i${i}`,
    timestamp: "2026-08-01T12:00:00.000000Z",
    protoPayload: {
      "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
      serviceName: "k8s.io",
      methodName: `io.k8s.core.v1.${resource}.update`,
      resourceName: `core/v1/namespaces/${String(namespace)}/${resource}/${String(name)}`,
      request: { "@type": "x", ...object },
      response: { "@type": "x", ...object }
    }
  }
}

const recorded = (object: JsonObject): string => {
  const { name, namespace } = object.metadata as JsonObject
  const patch = (method: string, template: unknown) =>
    stringify({
      apiVersion: "action.kwok.x-k8s.io/v1alpha1",
      kind: "ResourcePatch",
      resource: { version: "v1", resource: plurals[String(object.kind)] ?? "" },
      target: { name, namespace },
      durationNanosecond: 1_000,
      method,
      template
    })
  return [
    patch("create", object),
    patch("patch", { metadata: { labels: { at: "$(time-offset-nanosecond 5)" } } }),
    patch("delete", undefined)
  ].join("---\n")
}

/** What a single file of the format looks like. */
export const asFile: { readonly [format: string]: (objects: ReadonlyArray<JsonObject>) => string } = {
  "watch lines": (objects) => text({ scenario: "s" }, ...objects.map((object) => ({ type: "ADDED", object }))),
  "watch lines as YAML": (objects) => objects.map((object) => stringify({ object, type: "ADDED" })).join("---\n"),
  "audit log": (objects) => text(...objects.map(audited)),
  "webhook's EventList": (objects) =>
    text({ kind: "EventList", apiVersion: "audit.k8s.io/v1", items: objects.map(audited) }),
  "Google's log": (objects) => JSON.stringify(objects.map(googled), undefined, 1),
  "CloudWatch's subscription": (objects) =>
    text({ logEvents: objects.map((object, i) => ({ message: JSON.stringify(audited(object, i)) })) }),
  list: (objects) => JSON.stringify({ kind: "List", apiVersion: "v1", items: objects }, undefined, 4),
  "list as YAML": (objects) => stringify({ kind: "List", apiVersion: "v1", items: objects }),
  "states without watch events": (objects) => objects.map((object) => JSON.stringify(object, undefined, 4)).join("\n"),
  "recording of kwok": (objects) => objects.map(recorded).join("---\n")
}

/** What lies in the folder of a collector. */
export const asFolder: {
  readonly [format: string]: (objects: ReadonlyArray<JsonObject>) => { readonly [path: string]: string }
} = {
  "must-gather": (objects) => ({
    "must-gather/timestamp": "2026-08-01 12:00:00 +0000 UTC\n",
    "must-gather/image/cluster-scoped-resources/core/nodes.yaml": stringify({
      kind: "NodeList",
      apiVersion: "v1",
      items: []
    }),
    "must-gather/image/namespaces/d/core/all.yaml": stringify({ kind: "List", apiVersion: "v1", items: objects }),
    "must-gather/image/audit_logs/kube-apiserver/n1-audit.log": text(...objects.map(audited))
  }),
  "troubleshoot bundle": (objects) => ({
    "bundle/cluster-resources/all/d.json": JSON.stringify({ kind: "List", apiVersion: "v1", items: objects }),
    "bundle/cluster-resources/nodes-errors.json": '["nodes is forbidden"]'
  }),
  "rancher bundle": (objects) =>
    Object.fromEntries(
      objects.map((object, i) => [`supportbundle/yamls/namespaced/d/kubernetes/${i}.yaml`, stringify(object)])
    ),
  "crust-gather": (objects) => ({
    "collected.timestamp": "2026-08-01T12:00:00Z",
    ...Object.fromEntries(
      objects.map((object, i) => [`namespaces/d/v1/${String(object.kind).toLowerCase()}/${i}.yaml`, stringify(object)])
    )
  })
}
