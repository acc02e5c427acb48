/** What came from a real cluster: its watch, and recordings of it. */

export { toAuditLine } from "./export/auditLine.ts"
export * from "./import/contentKey.ts"
export { eventTime, isEvent } from "./import/eventTime.ts"
export { BadRecording, unreadable, UnreadableFile } from "./import/ImportFailure.ts"
export { importRecordings, type RecordingOptions } from "./import/importRecordings.ts"
export { type Format, formats, knownFormats, type Recognised, recognise } from "./import/recognise.ts"
export { type ImportOptions, importWatchLines, redactionNotice } from "./import/watchLines.ts"
export * from "./watch.ts"
