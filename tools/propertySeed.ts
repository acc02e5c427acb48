/**
 * Property tests draw the same values on every machine, so that nothing fails by chance. `KUBEREEL_TEST_SEED=N` draws others; a
 * counterexample that such a run finds becomes a test of its own.
 */
import fc from "fast-check"

fc.configureGlobal({ seed: Number(process.env["KUBEREEL_TEST_SEED"] ?? 1) })
