/** What well-known commands print when they end in a way that a program declares without saying what they print. */

/** Whose `cat` and `ls` an image has. */
const isBusybox = (image: string): boolean => /(^|\/)(busybox|alpine)([:@]|$)/.test(image)

const missing = "No such file or directory"

/** `cat FILE…` and `ls FILE…` fail because the files are missing: a line for each. */
const tools: { readonly [tool: string]: (file: string, busybox: boolean) => string } = {
  cat: (file, busybox) => (busybox ? `cat: can't open '${file}': ${missing}\n` : `cat: ${file}: ${missing}\n`),
  ls: (file, busybox) => (busybox ? `ls: ${file}: ${missing}\n` : `ls: cannot access '${file}': ${missing}\n`)
}

/** `sh -c "cat FILE"` is `cat FILE`, as long as the shell has nothing else to do. */
const plain = (command: ReadonlyArray<string>): ReadonlyArray<string> => {
  const [shell = "", flag, script, ...others] = command
  const simple = /(^|\/)(sh|bash|ash)$/.test(shell) && flag === "-c" && others.length === 0
  return simple && script !== undefined && !/[;&|<>$`"'\\()\n]/.test(script) ? script.trim().split(/\s+/) : command
}

export const commandOutput = (image: string, command: ReadonlyArray<string>, exitCode: number): string => {
  const [path = "", ...files] = plain(command)
  const tool = tools[path.replace(/^(\/usr)?\/bin\//, "")]
  if (exitCode === 0 || tool === undefined) return ""
  return files
    .filter((file) => !file.startsWith("-"))
    .map((file) => tool(file, isBusybox(image)))
    .join("")
}
