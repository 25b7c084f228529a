import { Command, CommanderError } from 'commander';
import { complainOf } from './complain-of.js';
import { columnsOf, createConsole } from './console-output.js';
import { addDemoOptions, type DemoCommandOptions, runDemoCommand } from './demo-command.js';
import type { Environment } from './environment.js';
import { exitCode, exitCodeOf } from './exit-code.js';
import { addOperationOptions, type OperationOptions } from './operation-options.js';
import { addPingOptions, type PingOptions } from './ping-options.js';
import { runPing } from './run-ping.js';
import { runOperation } from './run-operation.js';
import { runReplay, runServe } from './run-server.js';
import { createSecrets } from './secrets.js';
import {
  addFeedServerOptions,
  addReplayOptions,
  type FeedServerOptions,
  type ReplayOptions,
} from './server-options.js';
import { readVersion } from './version.js';

/** Runs a command. It resolves with the exit code. */
type Run = (command: () => Promise<number>) => Promise<void>;

const codes = `
Exit codes: 0 done, 1 the operation failed, 2 wrong usage, 3 no connection, 4 a deadline`;

/**
 * Runs the program.
 *
 * @returns the exit code
 */
export async function runProgram(environment: Environment): Promise<number> {
  let code: number = exitCode.done;
  const program = createProgram(environment, async (command) => {
    code = await command();
  });
  try {
    await program.parseAsync(environment.args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCode.done : exitCode.usage;
    const { RXGQL_TOKEN: token = '' } = environment.env;
    const secrets = createSecrets(undefined, token);
    secrets.hide(token);
    const console = createConsole(environment, secrets);
    complainOf(error, console, environment.args.includes('--debug'));
    return exitCodeOf(error);
  }
}

function createProgram(environment: Environment, run: Run): Command {
  const program = createRoot(environment);
  addOperationOptions(program).action(
    (url: string, document: string | undefined, options: OperationOptions) =>
      run(() => runOperation(url, document, options, environment)),
  );
  const add = (command: string, summary: string) => program.command(command).description(summary);
  addPingOptions(
    add('ping', 'Tells how a server answers: subprotocol, ack, latency, heartbeats.'),
  ).action((url: string, options: PingOptions) => run(() => runPing(url, options, environment)));
  addReplayOptions(add('replay', 'Serves a recording of --record.')).action(
    (file: string, options: ReplayOptions) => run(() => runReplay(file, options, environment)),
  );
  addFeedServerOptions(add('serve', 'Starts a test server with a feed of invented trades.')).action(
    (options: FeedServerOptions) => run(() => runServe(options, environment)),
  );
  addDemoOptions(
    add('demo', 'compare two clients on one server and its faults, here and on a page'),
  ).action((options: DemoCommandOptions) => run(() => runDemoCommand(options, environment)));
  return program;
}

/** The program without its options and commands. */
function createRoot({ stdout, stderr }: Environment): Command {
  return new Command('rxgql')
    .description(
      'Runs a GraphQL operation over WebSocket, and prints a line of JSON for each result.',
    )
    .usage('<url> [document] [options]')
    .argument('<url>', 'ws:// or wss://; {token} stands for the token')
    .argument('[document]', 'the operation; without it and --file it is read from standard input')
    .enablePositionalOptions()
    .option('--version', 'show the version')
    .on('option:version', () => {
      stdout.write(`${readVersion()}\n`);
      throw new CommanderError(exitCode.done, 'commander.version', '');
    })
    .helpOption('-h, --help', 'show this text')
    .helpCommand(false)
    .showHelpAfterError('(rxgql --help shows all options)')
    .addHelpText('after', codes)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      getOutHelpWidth: () => columnsOf(stdout),
      // a value may be secret
      writeErr: (text) => stderr.write(text.replace(/(option '--?[\w-]+)=[^']*'/g, "$1'")),
    });
}
