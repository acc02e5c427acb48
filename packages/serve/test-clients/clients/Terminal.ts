/** A terminal in which a program runs: keys are typed, the screen is read. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { eventually } from "./eventually.ts"
import { run } from "./run.ts"

export class Terminal {
  readonly #tmux: string
  readonly #folder = mkdtempSync(join(tmpdir(), "kubereel-terminal-"))

  constructor(tmux: string) {
    this.#tmux = tmux
  }

  async #command(...words: ReadonlyArray<string>): Promise<string> {
    const server = ["-u", "-S", join(this.#folder, "socket"), "-f", "/dev/null"]
    // A terminal inside of a terminal is no matter here.
    const environment = { TMUX: "", LANG: "C.UTF-8", LC_ALL: "C.UTF-8", TERM: "screen-256color" }
    const { stdout, stderr, code } = await run(this.#tmux, [...server, ...words], { environment })
    if (code !== 0) throw new Error(`tmux ${words.join(" ")}: ${stderr}`)
    return stdout
  }

  /** Starts the program on a screen of 180 by 45. Files that it writes may go to its home, which is gone afterwards. */
  async open(program: string, args: ReadonlyArray<string>): Promise<void> {
    const quoted = [`HOME=${this.#folder}`, `XDG_CONFIG_HOME=${this.#folder}`, program, ...args].map(
      (word) => `'${word.replaceAll("'", "'\\''")}'`
    )
    await this.#command("new-session", "-d", "-x", "180", "-y", "45", `env ${quoted.join(" ")}`)
    await this.#command("set-option", "-g", "remain-on-exit", "on")
  }

  /** Names of keys (`Enter`, `Escape`, `C-d`) or single characters. */
  async press(...keys: ReadonlyArray<string>): Promise<void> {
    for (const key of keys) await this.#command("send-keys", key)
  }

  /** The text as it is, and the end of the line. */
  async type(text: string): Promise<void> {
    await this.#command("send-keys", "-l", text)
    await this.#command("send-keys", "Enter")
  }

  screen(): Promise<string> {
    return this.#command("capture-pane", "-p")
  }

  /** The screen, when it shows all of these. */
  shows(...parts: ReadonlyArray<string | RegExp>): Promise<string> {
    return eventually(
      `a screen with ${parts.join(", ")}`,
      () => this.screen(),
      (screen) => parts.every((part) => (typeof part === "string" ? screen.includes(part) : part.test(screen)))
    )
  }

  async close(): Promise<void> {
    await this.#command("kill-server").catch(() => undefined)
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
