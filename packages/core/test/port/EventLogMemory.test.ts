import * as EventLogMemory from "../../src/port/EventLogMemory.ts"
import { eventLogContract } from "../../src/testing/eventLogContract.ts"

eventLogContract("the event log in memory", () => EventLogMemory.layer)
