import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { eventLogContract } from "@kubereel/core/testing"
import { afterAll } from "vitest"
import * as EventLogSqlite from "../../src/reel/EventLogSqlite.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-contract-"))
let made = 0

afterAll(() => rmSync(folder, { recursive: true }))

eventLogContract("the event log in SQLite", () =>
  EventLogSqlite.layer(join(folder, `${++made}.reel`), { mode: "create" })
)
