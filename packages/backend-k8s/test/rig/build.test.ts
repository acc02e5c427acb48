/** The rig's build and its needs, with a Go, a gcc and a busybox that only pretend: what is half built is not built. */
import { spawnSync } from "node:child_process"
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"

const rig = join(import.meta.dirname, "..", "..", "rig")
let there = ""

/** A program of that name is found before the machine's own. */
const pretend = (name: string, script: string) => {
  const file = join(there, "path", name)
  writeFileSync(file, `#!/bin/bash\n${script}\n`)
  chmodSync(file, 0o755)
}
/** Answers like Go, and notes what it was asked to build. `fails` is a line that decides about the output file "$3". */
const pretendGo = ({ version = "go1.26.0", onBuild = "", onGet = "" } = {}) =>
  pretend(
    "go",
    `case "$1 $2" in
  "env GOVERSION") echo ${version} ;;
  "env GOMODCACHE") echo ${there}/modules ;;
  "mod download") ${onGet || ":"} ;;
  build*) while [ "$1" != -o ]; do shift; done; echo "$2" >> ${there}/built; ${onBuild || ":"}; echo whole > "$2" ;;
esac`
  )

const run = (script: string, args: ReadonlyArray<string> = [], path = `${there}/path:${process.env["PATH"]}`) => {
  const done = spawnSync("bash", [join(rig, script), ...args], {
    encoding: "utf8",
    env: { PATH: path, HOME: there, KUBEREEL_RIG_CACHE: join(there, "cache") }
  })
  return { status: done.status, stdout: done.stdout.trim(), all: `${done.stdout}${done.stderr}` }
}
const has = (file: string) => existsSync(join(there, "cache", file))
const built = () => readFileSync(join(there, "built"), "utf8").trim().split("\n")

beforeEach(() => {
  there = mkdtempSync(join(tmpdir(), "kubereel-rig-build-"))
  mkdirSync(join(there, "path"))
  mkdirSync(join(there, "modules", "k8s.io", "kubernetes@v1.36.3"), { recursive: true })
  writeFileSync(
    join(there, "modules", "k8s.io", "kubernetes@v1.36.3", "go.mod"),
    "k8s.io/api => ./staging/src/k8s.io/api\n"
  )
  writeFileSync(join(there, "libc.a"), "")
  pretend("busybox", ":")
  pretend("gcc", `[ "$1" = -print-file-name=libc.a ] && echo ${there}/libc.a || echo whole > "\${@: -1}"`)
  pretendGo()
})
afterEach(() => rmSync(there, { recursive: true, force: true }))

describe.runIf(process.platform === "linux")("the build of the rig", () => {
  it("makes every program once", () => {
    const first = run("build.sh")
    expect(first.status, first.all).toBe(0)
    const count = built().length
    expect(count).toBe(16)
    expect(["bin/kubelet", "bin/pause", "bin/busybox", "cni/bridge"].filter((file) => !has(file))).toEqual([])
    expect(run("build.sh").status).toBe(0)
    expect(built()).toHaveLength(count)
  })

  it("that was interrupted half way leaves nothing that counts as built, and goes on from there", () => {
    pretendGo({ onBuild: `case "$2" in *kubelet*) echo half > "$2"; kill -9 $PPID; exit 1 ;; esac` })
    expect(run("build.sh").status).not.toBe(0)
    expect(has("bin/kube-apiserver")).toBe(true)
    expect(has("bin/kubelet")).toBe(false)
    const before = built().length
    pretendGo()
    expect(run("build.sh").status).toBe(0)
    expect(readFileSync(join(there, "cache", "bin", "kubelet"), "utf8")).toBe("whole\n")
    expect(
      built()
        .slice(before)
        .filter((file) => file.includes("kube-apiserver"))
    ).toEqual([])
  })

  it("that fails says which, and fails", () => {
    pretendGo({ onBuild: `case "$2" in *etcd*) echo "cannot use x as y" >&2; exit 1 ;; esac` })
    const { status, all } = run("build.sh")
    expect(status, all).toBe(1)
    expect(all).toContain("cannot use x as y")
    expect(has("bin/etcd")).toBe(false)
  })

  it("without a network is not possible on this machine, in a sentence", () => {
    pretendGo({ onGet: `echo "dial tcp: lookup proxy.golang.org: no such host" >&2; exit 1` })
    const { status, stdout } = run("build.sh")
    expect(status).toBe(69)
    expect(stdout).toMatch(/^the Go modules of the rig cannot be downloaded: dial tcp: lookup proxy\.golang\.org/)
  })
})

describe.runIf(process.platform === "linux")("the needs of the rig", () => {
  it("are met by what was built once, without Go", () => {
    run("build.sh")
    pretendGo({ version: "go1.20" })
    expect(run("needs.sh", ["build"])).toMatchObject({ status: 0, stdout: "" })
  })

  it("name a Go that is too old", () => {
    pretendGo({ version: "go1.25.9" })
    const sentence = "the rig is built with Go 1.26 or newer, this is go1.25.9"
    expect(run("needs.sh", ["build"])).toMatchObject({ status: 1, stdout: sentence })
  })

  it("name a gcc without a static libc, and a busybox that needs its libraries", () => {
    pretend("gcc", "echo libc.a")
    pretend("busybox", "# /lib64/ld-linux-x86-64.so.2")
    const sentence = "building the rig needs busybox-static libc6-dev: install them"
    expect(run("needs.sh", ["build"])).toMatchObject({ status: 1, stdout: sentence })
  })

  it("name Go, where there is none", () => {
    for (const tool of ["bash", "dirname", "id", "uname"])
      symlinkSync(spawnSync("which", [tool], { encoding: "utf8" }).stdout.trim(), join(there, "path", tool))
    rmSync(join(there, "path", "go"))
    const { status, stdout } = run("needs.sh", ["build"], join(there, "path"))
    expect(stdout).toMatch(
      /^the rig is not built \(.* is not complete\), and Go 1\.26 or newer is not here to build it$/
    )
    expect(status).toBe(1)
  })

  it("name root, for who is not", () => {
    // Whoever that is may not read the checkout.
    for (const script of ["needs.sh", "versions.sh"]) copyFileSync(join(rig, script), join(there, script))
    chmodSync(there, 0o755)
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
    const { status, stdout } = spawnSync("bash", ["needs.sh", "run"], { ...nobody, cwd: there, encoding: "utf8" })
    expect({ status, stdout }).toEqual({ status: 1, stdout: "the rig needs root\n" })
  })
})
