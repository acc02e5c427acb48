/** kubectl, of the version that is served and of two minors before, against a past. */
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { type ClientName, describeWith } from "./clients/clients.ts"
import { fileOf, kubereel, type Server, scratch, startServer } from "./clients/kubereel.ts"

const versions: ReadonlyArray<readonly [ClientName, string]> = [
  ["kubectl", "kubectl of the version that is served"],
  ["old-kubectl", "kubectl of two minors before"]
]

for (const [name, title] of versions)
  describeWith([name], `${title}, in the past`, (kubectl) => {
    const files = scratch()
    let server: Server
    beforeAll(async () => {
      const reel = join(files.path, "deployment-scale.reel")
      await kubereel("import", fileOf("recordings/kubectl/deployment-scale.1.jsonl.gz"), "-o", reel)
      server = await startServer("serve", reel)
    })
    afterAll(async () => {
      await server.stop()
      files.remove()
    })

    const early = "/at/2026-11-21T09:31:08.678Z"
    const late = "/at/2026-11-21T09:31:20.768Z"
    const answer = async (line: string, at: string, seconds = 60) => {
      const { stdout, stderr, code } = await server.kubectl(kubectl, ["-n", "deployment-scale", ...line.split(" ")], {
        at,
        seconds
      })
      return `${`${stdout}${stderr}`.trim()}${code === 0 ? "" : `(exit status ${code})`}`
    }

    it("sees another state at each moment, with its ages", async () => {
      expect(
        (await answer("get pods --no-headers", early)).split("\n").map((line) => line.split(/ +/).slice(1).join(" "))
      ).toEqual(Array(3).fill("1/1 Running 0 8s"))
      expect((await answer("get pods --no-headers", late)).split("\n")).toHaveLength(5)
      expect(await answer("get deployment web --no-headers", late)).toMatch(/^web +5\/5 +5 +5 +20s$/)
    })

    it("pages, selects and formats", async () => {
      const names = (await answer("get pods -o name", late)).split("\n")
      expect((await answer("get pods -o name --chunk-size=2", late)).split("\n")).toEqual(names)
      expect((await answer("get pods -o name -l app=web", late)).split("\n")).toEqual(names)
      expect(await answer("get pods -o name -l app=other", late)).toBe("")
      expect(await answer(`get pods -o name --field-selector metadata.name=${names[0]?.slice(4)}`, late)).toBe(names[0])
      expect(await answer("get pods -o jsonpath={.items[0].spec.nodeName}", late)).toBe("rig-1")
      expect(await answer("get pods -o custom-columns=:.status.phase --no-headers", late)).toBe(
        Array(5).fill("Running").join("\n")
      )
      expect(await answer("get pods -A --no-headers", late)).toMatch(/^deployment-scale +web-/)
      expect(
        JSON.parse(await answer("get deploy,rs -o json", late)).items.map(({ kind }: { kind: string }) => kind)
      ).toEqual(["Deployment", "ReplicaSet"])
    })

    it("watches what happened from a moment on", async () => {
      const lines = await answer("get pods -w --no-headers --request-timeout=3s", "/at/start@max", 30)
      expect(lines).toMatch(/ContainerCreating/)
      expect(lines).toMatch(/1\/1 +Running/)
      expect(lines).toMatch(/Terminating/)
    })

    it("waits for what is already so, and in vain for what is not", async () => {
      expect(await answer("wait --for=condition=Available deployment/web", late)).toBe(
        "deployment.apps/web condition met"
      )
      expect(await answer("wait --for=delete deployment/web --timeout=1s", late)).toMatch(
        /timed out waiting for the condition/
      )
      expect(await answer("rollout status deployment/web", late)).toBe('deployment "web" successfully rolled out')
    })

    it("cannot change it, and is told so before", async () => {
      expect(await answer("delete pod --all", late)).toMatch(/\(MethodNotAllowed\): .*read-only/)
      expect(await answer("scale deployment web --replicas=1", late)).toMatch(/read-only/)
      expect(await answer("create deployment other --image=nginx", late)).toMatch(/read-only/)
      expect(await answer("auth can-i delete pods", late)).toMatch(/^no/)
      expect(await answer("auth can-i list pods", late)).toBe("yes")
    })

    it("is told what a past does not have", async () => {
      const [pod] = (await answer("get pods -o name", late)).split("\n")
      expect(await answer(`logs ${pod}`, late)).toMatch(/not recorded/)
      expect(await answer(`exec ${pod} -- true`, late)).toMatch(/read-only|past/)
      expect(await answer("top pods", late)).toMatch(/Metrics API not available/)
      expect(await answer("get configmaps", late)).toMatch(/the server doesn't have a resource type|Error from server/)
    })

    it("discovers the kinds that were recorded, and explains their fields", async () => {
      expect(await answer("api-resources --no-headers -o name", late)).toMatch(/^pods$/m)
      expect(await answer("explain pod.spec.restartPolicy", late)).toMatch(/Restart policy for all containers/)
      expect(await answer("version", late)).toMatch(/Server Version: v1\.36\.3/)
    })
  })
