/** What may be asked of a pod's log (`pkg/apis/core/validation/validation.go`, ValidatePodLogOptions; C-128). */
import { type FieldError, fieldForbidden, invalid, invalidObject, type Status } from "./status.ts"

export interface PodLogOptions {
  readonly sinceSeconds?: number
  readonly sinceTime?: number
  readonly tailLines?: number
  readonly limitBytes?: number
}

const positive = (field: string, value: number | undefined): ReadonlyArray<FieldError> =>
  value !== undefined && value < 1 ? [invalid(field, value, "must be greater than 0")] : []

export const podLogOptionErrors = (options: PodLogOptions): ReadonlyArray<FieldError> => {
  const { limitBytes, sinceSeconds, sinceTime, tailLines } = options
  return [
    ...(tailLines !== undefined && tailLines < 0
      ? [invalid("tailLines", tailLines, "must be greater than or equal to 0")]
      : []),
    ...positive("limitBytes", limitBytes),
    ...(sinceSeconds !== undefined && sinceTime !== undefined
      ? [fieldForbidden("", "at most one of `sinceTime` or `sinceSeconds` may be specified")]
      : positive("sinceSeconds", sinceSeconds))
  ]
}

/** 422, if something is wrong with them. */
export const invalidPodLogOptions = (pod: string, options: PodLogOptions): Status | undefined => {
  const errors = podLogOptionErrors(options)
  return errors.length === 0 ? undefined : invalidObject({ group: "", kind: "PodLogOptions" }, pod, errors)
}
