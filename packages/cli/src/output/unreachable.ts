/** Why a server cannot listen, in a sentence. */
import { Complaint, exitCodes } from "../exitCode.ts"

const reasons: { readonly [code: string]: string } = {
  EADDRINUSE: "another program listens there; choose another --port",
  EACCES: "that port is not for everybody; choose one above 1023",
  EADDRNOTAVAIL: "this machine has no such address; choose another --listen",
  ENOTFOUND: "there is no such host; choose another --listen"
}

export const unreachable =
  (host: string, port: number) =>
  (cause: unknown): Complaint => {
    const { code, message } = cause as NodeJS.ErrnoException
    return new Complaint({
      code: exitCodes.unavailable,
      problem: `${host}:${port}: cannot be listened on: ${reasons[code ?? ""] ?? message}`
    })
  }
