/** Where this machine is, as an API server sees it; and that whoever asks a kubelet asks now. */
import { createServer } from "node:net"
import type { ServedConnection, ServedKubelet } from "@kubereel/core"
import { Effect, Result } from "effect"
import { expect, test } from "vitest"
import { asked, ownAddress } from "../../src/join/kubeletEndpoint.ts"
import type { WallClock } from "../../src/join/WallClock.ts"

test("the address is that of the own end of a connection; where nobody listens it is said", async () => {
  const server = createServer((socket) => socket.destroy())
  const port = await new Promise<number>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as { readonly port: number }).port))
  )
  const url = `https://127.0.0.1:${port}`
  expect(await Effect.runPromise(ownAddress(url))).toBe("127.0.0.1")
  await new Promise((resolve) => server.close(resolve))
  const refused = await Effect.runPromise(Effect.result(ownAddress(url)))
  expect(Result.isFailure(refused) && refused.failure).toMatch(/ECONNREFUSED/)
})

test("what is asked happens by the clock, and nothing after the nodes have left", async () => {
  const happened: Array<string> = []
  let stopped = false
  const clock = {
    enter: (run: () => void) => {
      if (stopped) return
      happened.push("due")
      run()
    }
  } as WallClock
  const kubelet: ServedKubelet = {
    name: "n",
    answers: () => true,
    pods: async () => [],
    of: {
      log: async () => {
        happened.push("log")
        return (async function* () {})()
      },
      exec: async (_namespace, _pod, { command }) => {
        happened.push(command.join(" "))
        return { stdout: "", stderr: "", exitCode: 0 }
      },
      connect: () => ({
        request: async (method, path) => {
          happened.push(`${method} ${path}`)
          return { status: 200, body: "" }
        }
      })
    }
  }
  const { of } = asked(kubelet, clock)
  await of.log("default", "p", { follow: false, previous: false, timestamps: false })
  await of.exec("default", "p", { command: ["echo", "hi"] })
  const connection = of.connect("default", "p", 80) as ServedConnection
  await connection.request("GET", "/")
  expect(happened).toEqual(["due", "log", "due", "echo hi", "due", "due", "GET /"])
  stopped = true
  expect(() => of.connect("default", "p", 80)).toThrow(/left/)
})
