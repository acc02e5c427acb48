/** kubectl, of the version that is served and of two minors before, against a simulated cluster. */
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { describeWith } from "./clients/clients.ts"
import { eventually } from "./clients/eventually.ts"
import { fileOf, type KubectlOptions, type Server, startServer } from "./clients/kubereel.ts"

const deployment = (replicas: number, image = "nginx:1.29") =>
  JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: {
      replicas,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name: "main", image }] }
      }
    }
  })

const verbs = (program: string) => {
  let server: Server
  beforeAll(async () => {
    server = await startServer("up", "-f", fileOf("packages/serve/test-clients/shop.yaml"), "--speed", "10")
  })
  afterAll(() => server.stop())

  const kubectl = (line: string, options?: KubectlOptions) =>
    server.kubectl(program, ["-n", "shop", ...line.split(" ")], options)
  /** What it printed, both streams, and its exit status if that is not 0. */
  const answer = async (line: string, options?: KubectlOptions): Promise<string> => {
    const { stdout, stderr, code } = await kubectl(line, options)
    return `${`${stdout}${stderr}`.trim()}${code === 0 ? "" : `(exit status ${code})`}`
  }

  describe("reads", () => {
    it("pods as a table, wide, as names, and in formats of one's own", async () => {
      await eventually(
        "the pod runs",
        () => answer("get pod speaker"),
        (text) => /speaker +1\/1 +Running +0 +\d+/.test(text)
      )
      expect(await answer("get pods -o wide")).toMatch(
        /^NAME +READY +STATUS +RESTARTS +AGE +IP +NODE +NOMINATED NODE +READINESS GATES\nspeaker /
      )
      expect(await answer("get pods -o name")).toBe("pod/speaker")
      expect(await answer("get pods -o custom-columns=N:.metadata.name,P:.status.phase")).toMatch(
        /^N +P\nspeaker +Running$/
      )
      expect(await answer("get pods -o jsonpath={.items[*].metadata.labels.app}")).toBe("speaker")
      expect(await answer("get pods -o yaml")).toMatch(/^apiVersion: v1\nitems:\n- apiVersion: v1\n {2}kind: Pod\n/)
      expect(JSON.parse(await answer("get pod speaker -o json"))).toMatchObject({ kind: "Pod", apiVersion: "v1" })
      expect(await answer("get pods -L app --no-headers")).toMatch(/speaker$/)
    })

    it("by labels and fields, in chunks, and from all namespaces", async () => {
      expect(await answer("get pods -l app=speaker -o name")).toBe("pod/speaker")
      expect(await answer("get pods -l app!=speaker -o name")).toBe("")
      expect(await answer("get pods --field-selector status.phase=Running,spec.nodeName!=nobody -o name")).toBe(
        "pod/speaker"
      )
      expect(await answer("get pods --field-selector spec.nobody=1")).toBe(
        'Error from server (BadRequest): Unable to find "/v1, Resource=pods" that match label selector "", field selector "spec.nobody=1": field label not supported: spec.nobody(exit status 1)'
      )
      const namespaces = await answer("get namespaces --chunk-size=1 -o name")
      expect(namespaces.split("\n")).toEqual(
        expect.arrayContaining(["namespace/default", "namespace/kube-system", "namespace/shop"])
      )
      expect(await answer("get pods -A --no-headers")).toMatch(/^shop +speaker /m)
    })

    it("what is not there", async () => {
      expect(await answer("get pod nobody")).toBe(
        'Error from server (NotFound): pods "nobody" not found(exit status 1)'
      )
      expect(await answer("get nonsense")).toBe(
        'error: the server doesn\'t have a resource type "nonsense"(exit status 1)'
      )
      expect(await answer("get statefulsets")).toBe("No resources found in shop namespace.")
    })

    it("what a cluster says of itself", async () => {
      expect(await answer("version")).toMatch(/Server Version: v1\.36\.3/)
      expect(await answer("get --raw /readyz")).toBe("ok")
      expect(await answer("cluster-info")).toMatch(/Kubernetes control plane.* is running at/)
      expect(await answer("api-versions")).toMatch(/^apps\/v1$/m)
      expect(
        (await answer("api-resources --api-group=apps --no-headers"))
          .split("\n")
          .map((line) => line.split(/ +/).join(" "))
      ).toEqual([
        "controllerrevisions apps/v1 true ControllerRevision",
        "daemonsets ds apps/v1 true DaemonSet",
        "deployments deploy apps/v1 true Deployment",
        "replicasets rs apps/v1 true ReplicaSet",
        "statefulsets sts apps/v1 true StatefulSet"
      ])
      expect(await answer("auth can-i delete pods")).toBe("yes")
      expect(await answer("auth whoami")).toMatch(/^ATTRIBUTE +VALUE\nUsername +\S+/)
      expect(await answer("get nodes --no-headers")).toMatch(/^node-1 +Ready +<none> +\S+ +v1\.36\.3\nnode-2 +Ready /)
    })

    it("what a field means", async () => {
      expect(await answer("explain pod.spec.restartPolicy")).toMatch(
        /^KIND: +Pod\nVERSION: +v1\n\nFIELD: restartPolicy <string>\n[\s\S]*DESCRIPTION:\n {4}Restart policy for all containers/
      )
      expect(await answer("explain deploy.spec.strategy --recursive")).toMatch(
        /rollingUpdate\s<RollingUpdateDeployment>/
      )
    })

    it("a pod with its Events, and a node", async () => {
      const pod = await answer("describe pod speaker")
      expect(pod).toMatch(/^Name: +speaker\nNamespace: +shop\n/)
      expect(pod).toMatch(/Normal +Scheduled +\S+ +default-scheduler +Successfully assigned shop\/speaker to node-\d/)
      expect(await answer("describe node node-1")).toMatch(/^Name: +node-1\n[\s\S]*Ready +True[\s\S]*KubeletReady/)
      expect(await answer("events --for pod/speaker")).toMatch(/Normal +Started +Pod\/speaker +Container started/)
      expect(await answer("get events --sort-by=.lastTimestamp")).toMatch(/Scheduled +pod\/speaker/)
    })

    it("usage, which nobody measures, is refused", async () => {
      expect(await answer("top pods")).toBe("error: Metrics API not available(exit status 1)")
      expect(await answer("top nodes")).toBe("error: Metrics API not available(exit status 1)")
    })
  })

  describe("speaks with a container", () => {
    it("logs, the last line of them, with times, and as they come", async () => {
      await eventually(
        "two lines",
        () => answer("logs speaker"),
        (text) => text === "ready to serve\nGET / 200"
      )
      expect(await answer("logs speaker --tail=1")).toBe("GET / 200")
      expect(await answer("logs speaker -c main --timestamps --tail=1")).toMatch(
        /^\d{4}-\d\d-\d\dT[\d:.]+Z GET \/ 200$/
      )
      expect(await answer("logs speaker -c nobody")).toMatch(
        /^error: container nobody is not valid for pod speaker( out of: main)?\(exit status 1\)$/
      )
      // It goes on until it is ended.
      expect(await kubectl("logs -f speaker", { seconds: 2 })).toMatchObject({
        stdout: "ready to serve\nGET / 200\n",
        code: null
      })
      expect(await answer("logs speaker --previous")).toBe(
        'Error from server (BadRequest): previous terminated container "main" in pod "speaker" not found(exit status 1)'
      )
    })

    it("a command that its program answers, with its exit status", async () => {
      expect(await answer("exec speaker -- cat /etc/motd")).toBe("welcome")
      expect(await answer("exec speaker -- false")).toBe("command terminated with exit code 3(exit status 3)")
      expect(await answer("exec nobody -- true")).toBe(
        'Error from server (NotFound): pods "nobody" not found(exit status 1)'
      )
    })

    it("attach is refused with a sentence", async () => {
      expect(await answer("attach speaker")).toMatch(/attach/)
      expect((await kubectl("attach speaker")).code).toBe(1)
    })
  })

  describe("writes", () => {
    it("applies, shows a rollout, scales, waits, and says what would change", async () => {
      expect(await answer("diff -f -", { input: deployment(3) })).toMatch(/\+kind: Deployment[\s\S]*\(exit status 1\)$/)
      expect(await answer("apply -f -", { input: deployment(3) })).toBe("deployment.apps/web created")
      expect(await answer("rollout status deployment/web")).toMatch(/deployment "web" successfully rolled out$/)
      expect(await answer("diff -f -", { input: deployment(3) })).toBe("")
      expect(await answer("diff -f -", { input: deployment(4) })).toMatch(/^- {2}replicas: 3\n\+ {2}replicas: 4$/m)
      expect(await answer("apply -f -", { input: deployment(3) })).toBe("deployment.apps/web unchanged")
      expect(await answer("scale deployment/web --replicas=2")).toBe("deployment.apps/web scaled")
      expect(await answer("wait --for=jsonpath={.status.readyReplicas}=2 deployment/web")).toBe(
        "deployment.apps/web condition met"
      )
      expect(await answer("wait --for=condition=Available deployment/web")).toBe("deployment.apps/web condition met")
      expect(await answer("rollout restart deployment/web")).toBe("deployment.apps/web restarted")
      expect(await answer("rollout status deployment/web")).toMatch(/deployment "web" successfully rolled out$/)
      expect(await answer("rollout history deployment/web")).toMatch(/REVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>/)
      expect(await answer("rollout undo deployment/web")).toMatch(/^deployment\.apps\/web rolled back/)
      expect(await answer("rollout status deployment/web")).toMatch(/deployment "web" successfully rolled out$/)
    })

    it("applies on the server's side, and is told of a field of somebody else's", async () => {
      expect(
        await answer("apply --server-side --field-manager=other -f -", { input: deployment(2, "nginx:1.28") })
      ).toMatch(
        /^error: Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using apps\/v1: \.spec\.template\.spec\.containers\[name="main"\]\.image/
      )
      expect(
        await answer("apply --server-side --force-conflicts --field-manager=other -f -", {
          input: deployment(2, "nginx:1.28")
        })
      ).toBe("deployment.apps/web serverside-applied")
    })

    it("creates, replaces, patches, labels and annotates", async () => {
      expect(await answer("create configmap settings --from-literal=a=1")).toBe("configmap/settings created")
      expect(await answer("create configmap settings")).toBe(
        'error: failed to create configmap: configmaps "settings" already exists(exit status 1)'
      )
      const settings = JSON.parse(await answer("get configmap settings -o json"))
      expect(await answer("replace -f -", { input: JSON.stringify({ ...settings, data: { a: "2" } }) })).toBe(
        "configmap/settings replaced"
      )
      expect(await answer("replace -f -", { input: JSON.stringify({ ...settings, data: { a: "3" } }) })).toMatch(
        /^Error from server \(Conflict\): error when replacing "STDIN": Operation cannot be fulfilled on configmaps "settings": the object has been modified/
      )
      expect(await answer(`patch configmap settings --type=json -p [{"op":"add","path":"/data/b","value":"4"}]`)).toBe(
        "configmap/settings patched"
      )
      expect(await answer(`patch configmap settings --type=merge -p {"data":{"a":null}}`)).toBe(
        "configmap/settings patched"
      )
      expect(await answer("get configmap settings -o jsonpath={.data}")).toBe('{"b":"4"}')
      expect(await answer("label configmap settings tier=front")).toBe("configmap/settings labeled")
      expect(await answer("annotate configmap settings note=x")).toBe("configmap/settings annotated")
      expect(await answer("set image deployment/web main=nginx:1.27 --dry-run=server")).toMatch(
        /^deployment\.apps\/web( image updated \(server dry run\))?/
      )
      expect(await answer("get deployment web -o jsonpath={.spec.template.spec.containers[0].image}")).toBe(
        "nginx:1.28"
      )
      expect(await answer("create secret generic key --from-literal=a=b")).toBe("secret/key created")
      expect(await answer("create quota few --hard=pods=10")).toBe("resourcequota/few created")
      expect(await answer("create serviceaccount robot")).toBe("serviceaccount/robot created")
      expect(await answer("expose deployment web --port=80")).toBe("service/web exposed")
      expect(await answer("run once --image=nginx:1.29 --restart=Never")).toBe("pod/once created")
    })

    it("is told what is wrong with an object", async () => {
      const wrong = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "wrong" },
        spec: { containers: [{ name: "A" }] }
      }
      expect(await answer("create -f -", { input: JSON.stringify(wrong) })).toMatch(
        /^The Pod "wrong" is invalid: \n\* spec\.containers\[0\]\.name: Invalid value: "A": a lowercase RFC 1123 label/
      )
      const unknown = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "unknown" }, dat: {} }
      expect(await answer("create -f -", { input: JSON.stringify(unknown) })).toBe(
        'Error from server (BadRequest): error when creating "STDIN": ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dat"(exit status 1)'
      )
      expect(await answer("create -f - --validate=warn", { input: JSON.stringify(unknown) })).toMatch(
        /Warning: unknown field "dat"/
      )
    })

    it("cordons, drains and uncordons a node", async () => {
      const node = await answer("get pod speaker -o jsonpath={.spec.nodeName}")
      expect(await answer(`cordon ${node}`)).toBe(`node/${node} cordoned`)
      expect(await answer(`get node ${node} --no-headers`)).toMatch(/Ready,SchedulingDisabled/)
      expect(await answer(`drain ${node} --force --ignore-daemonsets --delete-emptydir-data`)).toMatch(
        new RegExp(`evicting pod shop/speaker[\\s\\S]*pod/speaker evicted[\\s\\S]*node/${node} drained`)
      )
      expect(await answer(`uncordon ${node}`)).toBe(`node/${node} uncordoned`)
      await eventually(
        "the Deployment is whole again",
        () => answer("get deployment web --no-headers"),
        (text) => / 2\/2 /.test(text)
      )
    })

    it("deletes, waits until it is gone, and what it owned is gone too", async () => {
      expect(await answer("delete deployment web --cascade=foreground")).toMatch(/^deployment\.apps "web" deleted/)
      expect(await answer("get rs,pods -l app=web")).toBe("No resources found in shop namespace.")
      expect(await answer("delete configmap,secret,quota,service --all")).toMatch(/configmap "settings" deleted/)
      expect(await answer("create namespace short")).toBe("namespace/short created")
      expect(await answer("delete namespace short")).toMatch(/namespace "short" deleted/)
      expect(await answer("get namespace short")).toBe(
        'Error from server (NotFound): namespaces "short" not found(exit status 1)'
      )
    })
  })
}

describeWith(["kubectl"], "kubectl of the version that is served", (kubectl) => verbs(kubectl))
describeWith(["old-kubectl"], "kubectl of two minors before", (old) => verbs(old))
