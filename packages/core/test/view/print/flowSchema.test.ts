/** The order of FlowSchemas in a Table. */
import { expect, it } from "vitest"
import type { KubernetesObject } from "../../../src/event/KubernetesObject.ts"
import { tablePrinter } from "../../../src/view/print/printTable.ts"

const schema = (name: string, matchingPrecedence: number): KubernetesObject => ({
  apiVersion: "flowcontrol.apiserver.k8s.io/v1",
  kind: "FlowSchema",
  metadata: { name },
  spec: { matchingPrecedence }
})

it("is that in which they are asked, whatever their names", () => {
  const { inOrder } = tablePrinter({ group: "flowcontrol.apiserver.k8s.io", version: "v1", kind: "FlowSchema" })
  const ordered = inOrder?.([schema("a", 9), schema("c", 1), schema("b", 1), schema("d", 5)])
  expect(ordered?.map(({ metadata }) => metadata.name)).toEqual(["b", "c", "d", "a"])
  expect(tablePrinter({ group: "", version: "v1", kind: "Pod" }).inOrder).toBeUndefined()
})
