/** A namespace that one test has for itself. */
import { Effect, type Scope } from "effect"
import { eventually } from "./eventually.ts"
import type { RigFailure } from "./runScript.ts"
import type { TestCluster } from "./testCluster.ts"

export interface TestNamespace {
  readonly name: string
  /** kubectl in that namespace. */
  readonly kubectl: TestCluster["kubectl"]
  readonly apply: (...objects: ReadonlyArray<object>) => Effect.Effect<string, RigFailure>
  /** What kubectl finds in an object or a list: `read("pod/p", "{.status.phase}")`. */
  readonly read: (what: string, jsonPath: string) => Effect.Effect<string, RigFailure>
}

/** Makes the namespace, and deletes it at the end of the scope without waiting for its end. */
export const testNamespace = (
  cluster: TestCluster,
  name: string
): Effect.Effect<TestNamespace, RigFailure, Scope.Scope> => {
  const kubectl: TestCluster["kubectl"] = (args, stdin) => cluster.kubectl(["--namespace", name, ...args], stdin)
  const make = Effect.andThen(
    cluster.kubectl(["create", "namespace", name]),
    // Pods are refused before it is there.
    eventually("the namespace's service account", kubectl(["get", "serviceaccount", "default"]), () => true)
  )
  const remove = Effect.ignore(cluster.kubectl(["delete", "namespace", name, "--wait=false"]))
  return Effect.as(
    Effect.acquireRelease(make, () => remove),
    {
      name,
      kubectl,
      apply: (...objects) =>
        kubectl(["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: objects })),
      read: (what, jsonPath) => kubectl(["get", what, "-o", `jsonpath=${jsonPath}`])
    }
  )
}
