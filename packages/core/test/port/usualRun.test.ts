/** What a container is taken to do of which nobody declared a program. */
import { expect, test } from "vitest"
import type { ContainerSpec } from "../../src/event/KubernetesObject.ts"
import { nextPrinted, printedLines } from "../../src/port/Program.ts"
import { usualCommand, usualRun } from "../../src/port/usualRun.ts"

const container = (more: object, image = "busybox:1"): ContainerSpec => ({ name: "main", image, ...more })
const sh = (script: string) => usualRun(container({ command: ["sh", "-c", script] }))
const S = 1_000_000

test.each([
  [["sleep", "30"], 30 * S, 0],
  [["/bin/sleep", "1.5m"], 90 * S, 0],
  [["true"], 0, 0],
  [["/bin/false"], 0, 1],
  [["sleep", "infinity"], undefined, 0]
])("%s", (command, exitAfter, exitCode) => {
  const { isGuess, run } = usualRun(container({ command }))
  expect({ isGuess, exitAfter: run.exitAfter, exitCode: run.exitCode, onTerm: run.onTerm }).toEqual({
    isGuess: false,
    exitAfter,
    exitCode,
    onTerm: "ignore"
  })
})

test.each([
  ["sleep 2; exit 1", 2 * S, 1],
  ["sleep 2 && sleep 3", 5 * S, 0],
  ["false && sleep 5; exit", 0, 0],
  ["echo hello\nsleep 1\nexit 3\nsleep 9", 1 * S, 3],
  ["while true; do sleep 5; done", undefined, 0],
  ["exec sleep 4", 4 * S, 0]
])("sh -c %j", (script, exitAfter, exitCode) => {
  const { isGuess, run } = sh(script)
  expect({ isGuess, exitAfter: run.exitAfter, exitCode: run.exitCode }).toEqual({ isGuess: false, exitAfter, exitCode })
})

test("what is echoed is printed when it is", () => {
  expect(sh('echo "hello world"; sleep 2; echo bye').run.log).toEqual([
    { at: 0, line: "hello world" },
    { at: 2 * S, line: "bye" }
  ])
})

test("what is echoed in a loop is printed each time round", () => {
  const { isGuess, run } = sh("while true; do echo polo; sleep 2; done")
  expect([isGuess, run.exitAfter]).toEqual([false, undefined])
  expect(run.log).toEqual([{ at: 0, line: "polo", every: 2 * S }])
  expect(printedLines(run.log, 5 * S).map(({ at }) => at)).toEqual([0, 2 * S, 4 * S])
  expect(printedLines(run.log, 5 * S, 2 * S).map(({ at }) => at)).toEqual([4 * S])
  expect([-1, 0, 5 * S].map((elapsed) => nextPrinted(run.log, elapsed))).toEqual([0, 2 * S, 6 * S])
  expect(nextPrinted([{ at: S, line: "once" }], S)).toBeUndefined()
  expect(sh("while sleep 5; do echo a; sleep 1; echo b; done").run.log).toEqual([
    { at: 5 * S, line: "a", every: 6 * S },
    { at: 6 * S, line: "b", every: 6 * S }
  ])
  expect(sh("while true; do echo busy; done").run.log).toEqual([])
  expect(sh("while true; do date; sleep 1; done").run.log).toEqual([])
})

test.each(["cat /etc/hosts", "sleep 1 | cat", "echo $HOME", "if true; then exit 1; fi"])(
  "%j is no simple script: it runs until TERM, which is a guess",
  (script) => {
    const { isGuess, run } = sh(script)
    expect(isGuess).toBe(true)
    expect(run.exitAfter).toBeUndefined()
    expect(run.onTerm).toMatchObject({ exitCode: 0 })
  }
)

test("a simple command that is executed ends as it would; of others nothing is known", () => {
  expect(usualCommand(["echo", "remote", "execution"])).toEqual({ stdout: "remote execution\n", exitCode: 0, takes: 0 })
  expect(usualCommand(["sh", "-c", "echo a; sleep 2; exit 3"])).toEqual({ stdout: "a\n", exitCode: 3, takes: 2 * S })
  expect(usualCommand(["cat", "/etc/hosts"])).toBeUndefined()
  expect(usualCommand(["sleep", "infinity"])).toBeUndefined()
})

test("the image of Kubernetes' own tests does what its first argument says", () => {
  const agnhost = (...args: ReadonlyArray<string>) =>
    usualRun(container({ args }, "registry.k8s.io/e2e-test-images/agnhost:2.55"))
  expect(agnhost().run.log).toEqual([{ at: 0, line: "Paused" }])
  expect(agnhost("netexec").isGuess).toBe(false)
  const { http } = agnhost("liveness").run
  expect(http.map(({ from, status, until }) => [from, until, status])).toEqual([
    [0, 10 * S, 200],
    [10 * S, undefined, 500]
  ])
})

test("images that are known do what they are known to do", () => {
  expect(usualRun(container({}, "docker.io/library/busybox@sha256:00")).run.exitAfter).toBe(0)
  expect(usualRun(container({}, "registry.k8s.io/pause:3.10"))).toMatchObject({ isGuess: false })
  const nginx = usualRun(container({}, "nginx:1.27"))
  expect(nginx.isGuess).toBe(false)
  expect(nginx.run.http).toMatchObject([{ port: 80, status: 200 }])
  expect(usualRun(container({}, "my/app:2"))).toMatchObject({
    isGuess: true,
    run: { exitAfter: undefined, exitCode: 0 }
  })
})

test("what its own probes ask is answered, at named ports too", () => {
  const { run } = usualRun(
    container(
      {
        ports: [{ name: "web", containerPort: 8080 }],
        readinessProbe: { httpGet: { port: "web", path: "/ready" } },
        livenessProbe: { tcpSocket: { port: 9000 } },
        startupProbe: { grpc: { port: 9001, service: "s" } }
      },
      "my/app"
    )
  )
  expect(run.http.map(({ port }) => port)).toEqual([8080, 9000])
  expect(run.tcp.map(({ port }) => port)).toEqual([8080, 9000])
  expect(run.grpc).toMatchObject([{ port: 9001, service: "s", status: "SERVING" }])
})
