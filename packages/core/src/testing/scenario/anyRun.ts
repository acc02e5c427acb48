/** What the process of a container may do, as a scenario's document says it. */
import fc from "fast-check"
import type { JsonObject } from "../../event/Json.ts"
import {
  commands,
  duration,
  list,
  mapping,
  oneOf,
  paths,
  ports,
  rarely,
  services,
  sometimes,
  volumes
} from "./parts.ts"

const exitCode = fc.oneof(oneOf(0, 1, 42, 137, 143), fc.integer({ min: 0, max: 255 }))
const window = { from: rarely(duration(40), 3), until: rarely(duration(60), 3) }

/** Its own pod: who else there is, and under which name, is not the same everywhere. */
const called = {
  url: oneOf(...ports.map((port) => `http://127.0.0.1:${port}/`), "http://127.0.0.1:1/nobody"),
  timeout: sometimes(oneOf("300ms", "2s"))
}

const exec = mapping({
  command: oneOf(...commands),
  exitCode: sometimes(exitCode),
  takes: sometimes(duration(12)),
  calls: rarely(list(mapping(called), 2), 6),
  output: rarely(oneOf("no", "line 1\nline 2\n", "x".repeat(12_000))),
  ...window
})

const http = mapping({
  port: sometimes(oneOf(...ports)),
  path: sometimes(oneOf(...paths)),
  status: sometimes(oneOf(200, 302, 399, 404, 500, 503)),
  takes: sometimes(duration(4)),
  body: rarely(oneOf("broken", "b".repeat(20_000))),
  calls: rarely(list(mapping({ ...called, otherwise: rarely(oneOf(503, 404)) }), 2), 4),
  location: rarely(oneOf("/", "/healthz", "http://elsewhere.example/", "::")),
  ...window
})

const tcp = mapping({ port: oneOf(...ports), ...window })
const grpc = mapping({
  port: sometimes(oneOf(...ports)),
  service: sometimes(oneOf(...services)),
  status: sometimes(oneOf("SERVING", "NOT_SERVING", "UNKNOWN", "SERVICE_UNKNOWN")),
  takes: sometimes(duration(4)),
  ...window
})

const onTerm: fc.Arbitrary<string | JsonObject> = fc.oneof(
  fc.constant("ignore"),
  mapping({ exitAfter: sometimes(duration(15)), exitCode: sometimes(exitCode) })
)

const line = mapping({
  at: duration(20),
  line: fc.oneof(oneOf("hello", "", "l".repeat(3_000)), fc.string({ maxLength: 12 }))
})
const size = oneOf("1Mi", "0", "20Mi", "2Gi")
const write = mapping({ at: duration(30), volume: oneOf("(rootfs)", ...volumes), size })
const memory = mapping({ at: duration(30), usage: oneOf("10Mi", "0", "100Mi", "3Gi") })
const cpu = mapping({ at: duration(30), usage: oneOf("10m", "0", "500m", "4") })

/** One start of a process. */
export const anyRun: fc.Arbitrary<JsonObject> = mapping({
  exitAfter: sometimes(duration(30)),
  exitCode: sometimes(exitCode),
  oom: rarely(fc.constant(true)),
  startError: rarely(
    oneOf("no such file or directory", 'exec: "x": executable file not found in $PATH: unknown', ""),
    12
  ),
  onTerm: sometimes(onTerm),
  terminationMessage: rarely(oneOf("bye", "", "m".repeat(5_000), "two\nlines\n"), 4),
  execs: rarely(list(exec, 4), 2),
  http: rarely(list(http, 3), 3),
  tcp: rarely(list(tcp, 2), 3),
  grpc: rarely(list(grpc, 2), 4),
  log: rarely(list(line, 3), 4),
  writes: rarely(list(write, 3), 5),
  memory: rarely(list(memory, 3), 4),
  cpu: rarely(list(cpu, 2), 8),
  needs: rarely(
    mapping({
      calls: fc.array(mapping(called), { minLength: 1, maxLength: 2 }),
      every: sometimes(oneOf("1s", "300ms", "7s")),
      exitCode: sometimes(exitCode)
    }),
    12
  )
})

/** The starts of one container, the last one for all others. */
export const anyRuns: fc.Arbitrary<ReadonlyArray<JsonObject>> = fc.array(anyRun, { minLength: 1, maxLength: 3 })
