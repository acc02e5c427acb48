import { eventLogContract } from "../../src/testing/eventLogContract.ts"
import * as EventLogMemory from "../../src/port/EventLogMemory.ts"

eventLogContract("the event log in memory", () => EventLogMemory.layer)
