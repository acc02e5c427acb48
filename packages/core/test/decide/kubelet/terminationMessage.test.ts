import { describe, expect, it } from "vitest"
import { type ContainerEnd, limitMessages, terminationMessage } from "../../../src/decide/kubelet/terminationMessage.ts"
import { container, pod } from "./given.ts"

const end = (more: Partial<ContainerEnd>): ContainerEnd => ({
  exitCode: 1,
  reason: "Error",
  message: "",
  file: "",
  log: [],
  ...more
})
const byFile = container("c", { terminationMessagePolicy: "File", terminationMessagePath: "/dev/termination-log" })
const byLog = container("c", { terminationMessagePolicy: "FallbackToLogsOnError" })

describe("K-380: the file", () => {
  it("is the message, whatever the exit code", () => {
    expect(terminationMessage(byFile, end({ file: "bye", exitCode: 0 }))).toBe("bye")
    expect(terminationMessage(byFile, end({ file: "bye", log: ["line"] }))).toBe("bye")
    expect(terminationMessage(byFile, end({ log: ["line"] }))).toBe("")
  })

  it("counts with its last 4096 bytes, not characters", () => {
    expect(terminationMessage(byFile, end({ file: `${"a".repeat(9)}${"b".repeat(4096)}` }))).toBe("b".repeat(4096))
    expect(terminationMessage(byFile, end({ file: `x${"é".repeat(2048)}` }))).toBe("é".repeat(2048))
  })

  it("may begin in the middle of a character: each lost byte is shown as one that is no text", () => {
    const message = terminationMessage(byFile, end({ file: `€${"b".repeat(4094)}` }))
    expect(message).toBe(`\ufffd\ufffd${"b".repeat(4094)}`)
  })
})

describe("K-381: FallbackToLogsOnError", () => {
  it("takes the log if the file is empty and the exit code is not 0", () => {
    expect(terminationMessage(byLog, end({ log: ["one", "two"] }))).toBe("one\ntwo\n")
    expect(terminationMessage(byLog, end({ log: ["one"], file: "file" }))).toBe("file")
    expect(terminationMessage(byLog, end({ log: ["one"], exitCode: 0 }))).toBe("")
    expect(terminationMessage(byLog, end({ log: ["one"], reason: "ContainerCannotRun" }))).toBe("")
  })

  it("takes the last 80 lines, and of these 2048 bytes", () => {
    const lines = Array.from({ length: 100 }, (_, i) => `${i}`)
    expect(
      terminationMessage(byLog, end({ log: lines }))
        .split("\n")
        .slice(0, 2)
    ).toEqual(["20", "21"])
    expect(terminationMessage(byLog, end({ log: ["a".repeat(3000)] }))).toBe(`${"a".repeat(2047)}\n`)
  })
})

it("K-382: what the runtime says comes first, joined by a colon", () => {
  expect(terminationMessage(byFile, end({ message: "killed", file: "bye" }))).toBe("killed: bye")
  expect(terminationMessage(byFile, end({ message: "killed" }))).toBe("killed")
})

describe("K-383: all containers of a pod share 12 KiB, and what is too long loses its end", () => {
  const four = ["a", "b", "c", "d"].map((name) => container(name))
  const messages = (message: string) => {
    const terminated = { exitCode: 1, message, startedAt: null, finishedAt: null }
    const containerStatuses = four.map(({ name }) => ({
      name,
      ready: false,
      restartCount: 0,
      image: "i",
      imageID: "",
      state: { terminated }
    }))
    const died = pod({ containers: four }, { status: { containerStatuses } })
    return limitMessages(died.containers, died.spec).map(
      ({ state }) => (state?._tag === "Terminated" && state.message) || ""
    )
  }

  it("so that four have 3072 bytes each", () => {
    expect(messages(`${"a".repeat(3072)}b`)).toEqual(four.map(() => "a".repeat(3072)))
    expect(messages("short")).toEqual(four.map(() => "short"))
  })

  it("and a character that is cut off shows its lost bytes", () => {
    expect(messages(`${"a".repeat(3070)}€`)[0]).toBe(`${"a".repeat(3070)}\ufffd\ufffd`)
  })
})
