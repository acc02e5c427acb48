/** What must be at a path of the node before it is mounted (`pkg/volume/hostpath/host_path.go`, checkType). */
import type { JsonObject } from "../../../event/Json.ts"
import { text } from "../../apiserver/fields.ts"

export type HostPathType = "Directory" | "File" | "Socket" | "CharDevice" | "BlockDevice"

/** What is where; a path that is not in it is not there. Parents of what is there are directories. */
export type HostPaths = ReadonlyMap<string, HostPathType>

const all = (type: HostPathType, ...paths: ReadonlyArray<string>): ReadonlyArray<readonly [string, HostPathType]> =>
  paths.map((path) => [path, type])

/** What every Linux node with containerd has. */
export const usualHostPaths: HostPaths = new Map([
  ...all("Directory", "/", "/bin", "/boot", "/dev", "/dev/shm", "/etc", "/etc/kubernetes", "/etc/kubernetes/manifests"),
  ...all("Directory", "/etc/cni/net.d", "/etc/ssl/certs", "/home", "/lib", "/lib/modules", "/media", "/mnt", "/opt"),
  ...all("Directory", "/opt/cni/bin", "/proc", "/root", "/run", "/run/containerd", "/sbin", "/srv", "/sys"),
  ...all("Directory", "/sys/fs/bpf", "/sys/fs/cgroup", "/tmp", "/usr", "/usr/lib", "/usr/share", "/var", "/var/lib"),
  ...all("Directory", "/var/lib/containerd", "/var/lib/kubelet", "/var/lib/kubelet/pods", "/var/log"),
  ...all("Directory", "/var/log/containers", "/var/log/pods", "/var/run", "/var/run/containerd", "/var/tmp"),
  ...all("File", "/etc/fstab", "/etc/group", "/etc/hostname", "/etc/hosts", "/etc/localtime", "/etc/machine-id"),
  ...all("File", "/etc/os-release", "/etc/passwd", "/etc/resolv.conf", "/proc/cpuinfo", "/proc/meminfo"),
  ...all("Socket", "/run/containerd/containerd.sock", "/var/run/containerd/containerd.sock"),
  ...all("CharDevice", "/dev/full", "/dev/kmsg", "/dev/null", "/dev/random", "/dev/tty", "/dev/urandom", "/dev/zero")
])

const words: { readonly [type in HostPathType]: string } = {
  Directory: "directory",
  File: "file",
  Socket: "socket file",
  CharDevice: "character device",
  BlockDevice: "block device"
}

const typeAt = (path: string, paths: HostPaths): HostPathType | undefined => {
  const clean = path.length > 1 ? path.replace(/\/+$/, "") : path
  const known = paths.get(clean)
  if (known !== undefined) return known
  return [...paths.keys()].some((other) => other.startsWith(`${clean}/`)) ? "Directory" : undefined
}

const parentOf = (path: string): string => path.replace(/\/[^/]*\/?$/, "") || "/"

/** What is made where nothing is: by the kubelet as the type says, of no type (`""`) a directory by the runtime. */
export const hostPathCreated = (source: JsonObject, paths: HostPaths): readonly [string, HostPathType] | undefined => {
  const [path, asked] = [text(source, "path"), text(source, "type")]
  if (typeAt(path, paths) !== undefined) return undefined
  const made = asked === "" ? "Directory" : asked.endsWith("OrCreate") ? asked.replace(/OrCreate$/, "") : undefined
  return made === undefined ? undefined : [path.length > 1 ? path.replace(/\/+$/, "") : path, made as HostPathType]
}

/** Of no type nothing is asked. */
export const hostPathProblem = (source: JsonObject, paths: HostPaths): string | undefined => {
  const [path, asked] = [text(source, "path"), text(source, "type")]
  if (asked === "") return undefined
  const there = typeAt(path, paths)
  const type = asked.replace(/OrCreate$/, "") as HostPathType
  if (there === undefined && asked === "DirectoryOrCreate") return undefined
  if (there === undefined && asked === "FileOrCreate")
    return typeAt(parentOf(path), paths) === "Directory" ? undefined : `open ${path}: no such file or directory`
  return there === type ? undefined : `hostPath type check failed: ${path} is not a ${words[type]}`
}

/** A local volume is what is there already: nobody makes it (`pkg/volume/local/local.go`, getGlobalLocalPath). */
export const localPathProblem = (source: JsonObject, paths: HostPaths): string | undefined => {
  const path = text(source, "path")
  const there = typeAt(path, paths)
  if (there === undefined) return `path ${JSON.stringify(path)} does not exist`
  return there === "Directory" || there === "BlockDevice" ? undefined : "only directory and block device are supported"
}
