/**
 * The `flambe` command: one subcommand a file, loaded only when it is called, so that `flambe plan` stays fast. Exit codes:
 * 0 all is well, 1 a trial failed, 2 the file or the command line is wrong (nothing touched), 3 internal, 130 interrupted.
 */
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { Refused } from '../client/refused.ts'

export async function main(argv: readonly string[]): Promise<number> {
  let code = 0
  watchReaders()
  const program = new Command('flambe')
    .description('Multi-stage machine-learning experiments on your own machines.')
    .version('0.1.0')
    .exitOverride()
    .configureHelp({ sortSubcommands: false })

  program
    .command('run <file>')
    .description('run an experiment here, with a hub and an agent of its own (or on a hub, with --hub)')
    .option('--save-path <dir>', 'where output__<name> goes (default: the file’s save_path, else ./flambe-output)')
    .option('--force', 'delete output__<name> first (on a hub: archive the experiment of this name)')
    .option('--json', 'JSON lines on standard output instead of progress bars')
    .option('--verbose', 'show the log lines of hub and agent too')
    .option('--slots <n>', 'processors to use (default: all)', positive)
    .option('--debug', 'one trial at a time, each waits for a debugger before it starts')
    .option('--debug-port <n>', 'port of the debugger, on loopback', port, 9229)
    .option('--hub <url>', 'run on a hub instead of locally')
    .option('--seed <n>', 'seed, where the file has none', natural)
    .option(
      '--secrets <file>',
      'what trials find in their environment and nobody else sees: [AWS] and key = ... are AWS_KEY',
    )
    .option('--install', 'fetch extensions that npm or git have')
    .action(async (file, options) => {
      code = await (await import('./run.ts')).run(file, options)
    })

  program
    .command('plan <file>')
    .description('check an experiment and show its blocks and variants; runs nothing')
    .option('--json', 'one JSON object on standard output')
    .option('--limit <n>', 'variants to list per block', natural, 1000)
    .option('--seed <n>', 'seed, where the file has none', natural)
    .option('--install', 'fetch extensions that npm or git have')
    .action(async (file, options) => {
      code = await (await import('./plan.ts')).plan(file, options)
    })

  program
    .command('simulate <file>')
    .description('what a search and its scheduler will cost, in virtual time; runs nothing')
    .option('--json', 'one JSON object on standard output')
    .option('--slots <n>', 'trials at the same time', positive, 4)
    .option(
      '--curves <path>',
      'recorded curves: an output folder, a points.jsonl, a JSON file (default: synthetic ones)',
    )
    .option('--metric <tag>', 'the scalar of recorded points that is the metric')
    .option('--trials <n>', 'trials of each search, instead of the file’s', positive)
    .option('--seed <n>', 'seed, where the file has none', natural)
    .action(async (file, options) => {
      code = await (await import('./simulate.ts')).simulate(file, options)
    })

  program
    .command('submit <file>')
    .description('send an experiment to a hub and print the address of its page')
    .option('--hub <url>', 'the hub (default: the one on this machine)')
    .option('--force', 'archive the experiment that has this name')
    .option('--seed <n>', 'seed, where the file has none', natural)
    .option('--paused', 'do not start it yet')
    .option('--json', 'one JSON object on standard output')
    .option('--install', 'fetch extensions that npm or git have')
    .action(async (file, options) => {
      code = await (await import('./submit.ts')).submit(file, options)
    })

  program
    .command('hub')
    .description('start the hub and its report site')
    .option('--data <dir>', 'data folder', '~/.flambe/hub')
    .option('--port <n>', 'port', port, 4955)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--allow-host <name...>', 'further names by which people and machines reach it')
    .option('--agents <n>', 'agents to start on this machine', natural, 0)
    .option('--lost-after <seconds>', 'silence until the trials of a machine go on elsewhere (default: 300)', natural)
    .option('--secrets <file>', 'what trials of these agents find in their environment and nobody else sees')
    .option('--submit-once <file>', 'submit this experiment unless the hub has one of its name')
    .option('--dev', 'rebuild pages as they are edited')
    .option('--no-pages', 'only the API: no report site')
    .action(async options => {
      code = await (await import('./hub.ts')).hub(options)
    })

  program
    .command('agent')
    .description('run trials of a hub on this machine (the same as flambe-agent)')
    .allowUnknownOption()
    .helpOption(false)
    .argument('[args...]')
    .action(async (args: string[]) => {
      code = await (await import('./agent.ts')).agent(args)
    })

  program
    .command('components [tag]')
    .description('the reference of the built-in components, or of one')
    .option('--json', 'one JSON object on standard output')
    .action(async (tag, options) => {
      code = await (await import('./components.ts')).components(tag, options)
    })

  program
    .command('sign-in')
    .description('print a new one-time link that signs a browser in')
    .option('--hub <url>', 'the hub (default: the one on this machine)')
    .action(async options => {
      code = await (await import('./sign-in.ts')).signIn(options)
    })

  program
    .command('login <url>')
    .description('store a token for a hub; asks for the token, or reads it from standard input')
    .action(async url => {
      code = await (await import('./login.ts')).login(url)
    })

  try {
    await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (error instanceof Refused) {
      process.stderr.write(`${error.message}\n`)
      return error.code
    }
    process.stderr.write(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    return 3
  }
}

let watched = false
/**
 * A reader that went away (`flambe plan x.yaml | head`) ends the command quietly; one that has children (ending.ts) is told
 * as by the signal, once, and ends when they have. Further writes fail in vain.
 */
function watchReaders(): void {
  if (watched) return
  watched = true
  let told = false
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', error => {
      if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error
      if (told) return
      told = true
      if (process.listenerCount('SIGPIPE') > 0) process.emit('SIGPIPE', 'SIGPIPE')
      else process.exit(0)
    })
}

const number = (ok: (n: number) => boolean, what: string) => (text: string) => {
  const n = Number(text)
  if (!Number.isInteger(n) || !ok(n)) throw new InvalidArgumentError(`'${text}' is not ${what}`)
  return n
}
const natural = number(n => n >= 0, 'a whole number, 0 or more')
const positive = number(n => n > 0, 'a whole number, 1 or more')
const port = number(n => n >= 0 && n <= 65535, 'a port (0 to 65535)')
