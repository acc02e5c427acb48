/** What a cluster answers where no API server is asked. */
import { type Answer, notFound } from "@kubereel/core"

const status = { kind: "Status", apiVersion: "v1" }

export const success: Answer = { status: 200, body: { ...status, status: "Success" } }

/** An object that nothing here would act upon. */
export const notSimulatedKind = (kind: string): Answer => ({
  status: 501,
  body: {
    ...status,
    status: "Failure",
    message: `not simulated: kind ${kind}`,
    reason: "NotImplemented",
    code: 501
  }
})

export const noProcess = (of: string): Answer => ({
  status: 404,
  body: { ...status, status: "Failure", message: `no process of ${of} runs` }
})

export const noNode = (name: string): Answer => ({
  status: 404,
  body: { ...notFound({ group: "", resource: "nodes" }, name) }
})

/** A kubelet or a controller whose watch could be held up. */
export const noWatch = (of: string): Answer => ({
  status: 404,
  body: { ...status, status: "Failure", message: `${of} has no watch of its own now` }
})
