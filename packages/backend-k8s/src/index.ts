/** What came from a real cluster: its watch, and recordings of it. */

export * from "./import/contentKey.ts"
export {
  BadRecording,
  type ImportOptions,
  importWatchLines,
  redactionNotice,
  unreadable,
  UnreadableFile
} from "./import/watchLines.ts"
export * from "./watch.ts"
