/** GET of a pod's `log` (`k8s.io/kubernetes/pkg/registry/core/pod/rest/log.go`). */
import { badRequest, type LogOptions, parseInstant, readFlag, type ServedCluster } from "@kubereel/core"
import type { Asked } from "./asked.ts"
import { pump } from "./pump.ts"
import { isStatus, type Reply } from "./Reply.ts"

const count = (value: string | null): number | undefined => (value === null ? undefined : Number(value))

/** A text is what is wrong with it. */
export const logOptions = (query: URLSearchParams): LogOptions | string => {
  for (const name of ["sinceSeconds", "tailLines", "limitBytes"]) {
    const value = query.get(name)
    if (value !== null && !/^[+-]?\d{1,15}$/.test(value))
      return `strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`
  }
  const [container, sinceTime] = [query.get("container"), query.get("sinceTime")]
  const since = sinceTime === null ? undefined : parseInstant(sinceTime)
  if (sinceTime !== null && since === undefined) return `parsing time ${JSON.stringify(sinceTime)}: it is none`
  const [sinceSeconds, tailLines, limitBytes] = ["sinceSeconds", "tailLines", "limitBytes"].map((name) =>
    count(query.get(name))
  )
  return {
    ...(container === null || container === "" ? {} : { container }),
    follow: readFlag(query.get("follow")),
    previous: readFlag(query.get("previous")),
    timestamps: readFlag(query.get("timestamps")),
    ...(sinceSeconds === undefined ? {} : { sinceSeconds }),
    ...(since === undefined ? {} : { sinceTime: since }),
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes })
  }
}

export const podLog = async (
  cluster: ServedCluster,
  { of, refuse }: Asked,
  name: string,
  query: URLSearchParams
): Promise<Reply> => {
  const options = logOptions(query)
  if (typeof options === "string") return refuse(badRequest(options))
  const log = await cluster.pods.log(of.namespace ?? "", name, options)
  if (isStatus(log)) return refuse(log)
  return {
    code: 200,
    headers: { "content-type": "text/plain" },
    stream: (sink) => pump(log, sink)
  }
}
