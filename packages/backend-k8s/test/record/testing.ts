/** An API server that can be broken, and a recorder on it, for tests of other packages. Nothing of it is published. */
export { FakeApiServer } from "./fakeApiServer.ts"
export { caughtUp, fakeServer, fast, gapsOf, kubeconfigFor, logged, session, truthful } from "./session.ts"
