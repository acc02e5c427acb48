/** File systems on which a lock may not be one: two writers on two machines could not be kept apart there. */
import { statfsSync } from "node:fs"
import { dirname } from "node:path"

/** `f_type` of statfs(2) on Linux. FUSE and 9p are not among them: most of what they carry is local. */
const NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xfe534d42, "SMB"],
  [0xff534d42, "CIFS"],
  [0x5346414f, "AFS"],
  [0x00c36400, "Ceph"],
  [0x0bd00bd0, "Lustre"]
])

/** The name of the network file system of that type, if it is one. */
export const networkName = (type: number): string | undefined => NETWORK.get(type)

/** Of the file system that a file is on, or will be. */
export const networkOf = (
  file: string,
  typeOf = (folder: string): number => statfsSync(folder).type
): string | undefined => (process.platform === "linux" ? networkName(typeOf(dirname(file))) : undefined)
