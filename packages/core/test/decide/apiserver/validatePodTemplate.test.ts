/** Templates of pods: the defaults and the refusals that they share with pods, and those that they do not. */
import { describe, expect, it } from "vitest"
import { defaultPodSpec, defaultTemplateSpec } from "../../../src/decide/apiserver/podDefaults.ts"
import { validatePodTemplate } from "../../../src/decide/apiserver/validatePodTemplate.ts"

const container = { name: "main", image: "app:1" }

describe("a template of pods", () => {
  it("has the defaults of a pod's spec, but not what is filled in for a pod alone", () => {
    const limited = { ...container, ports: [{ containerPort: 80 }], resources: { limits: { cpu: "1" } } }
    const given = { containers: [limited], hostNetwork: true }
    const [template, pod] = [defaultTemplateSpec(given), defaultPodSpec(given)]
    expect(template).toMatchObject({ dnsPolicy: "ClusterFirst", terminationGracePeriodSeconds: 30 })
    expect(template).not.toHaveProperty("enableServiceLinks")
    expect(template).toHaveProperty("containers.0.ports", [{ containerPort: 80, protocol: "TCP" }])
    expect(template).not.toHaveProperty("containers.0.resources.requests")
    expect(pod).toMatchObject({ enableServiceLinks: true })
    expect(pod).toHaveProperty("containers.0.ports.0.hostPort", 80)
    expect(pod).toHaveProperty("containers.0.resources.requests", { cpu: "1" })
  })

  it("is refused where a pod would be, under its own path", () => {
    const template = {
      metadata: { labels: { "a b": "x" }, annotations: { "/y": "" } },
      spec: defaultTemplateSpec({ containers: [{ ...container, name: "No" }], ephemeralContainers: [{ name: "e" }] })
    }
    const fields = validatePodTemplate(template, "spec.template").map(({ field }) => field)
    expect(fields).toEqual([
      "spec.template.labels",
      "spec.template.annotations",
      "spec.template.spec.containers[0].name",
      "spec.template.spec.ephemeralContainers[0].image",
      "spec.template.spec.ephemeralContainers"
    ])
  })
})
