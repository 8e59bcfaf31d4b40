/** Runs one step of a root script in the foreground; a step that fails ends the script with its exit code. */
import { spawn } from 'node:child_process'

const bold = text => (process.stdout.isTTY ? `\x1b[1m${text}\x1b[0m` : text)

/** Resolves to the step's standard output, which is shown as it comes (`quiet`: no title, output untouched). */
export async function run(title, command, args, { env, cwd, quiet = false }) {
  if (!quiet) process.stdout.write(`${bold(`— ${title}`)}\n`)
  const started = Date.now()
  const child = spawn(command, args, { env, cwd, stdio: ['inherit', quiet ? 'inherit' : 'pipe', 'inherit'] })
  const ignore = () => undefined // the child shares the terminal and ends by itself
  process.on('SIGINT', ignore)
  const forward = () => child.kill('SIGTERM')
  process.on('SIGTERM', forward)
  // npm does not pass a signal on to what its shell started: when the one above is gone, this ends too.
  const parent = process.ppid
  const watch = setInterval(() => process.ppid !== parent && forward(), 1000)
  let output = ''
  child.stdout?.on('data', chunk => {
    output += chunk
    process.stdout.write(chunk)
  })
  const [code, signal] = await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (...how) => resolve(how))
  }).catch(error => [3, error.message])
  process.off('SIGINT', ignore)
  process.off('SIGTERM', forward)
  clearInterval(watch)
  if (code !== 0) {
    if (!quiet) process.stderr.write(`${title} failed (${signal ?? `exit ${code}`})\n`)
    process.exit(code ?? 130)
  }
  if (!quiet) process.stdout.write(`  ${title}: ${((Date.now() - started) / 1000).toFixed(1)} s\n`)
  return output
}
