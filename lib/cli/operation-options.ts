import type { Command } from 'commander';
import { addConnectionOptions, collect, type ConnectionOptions } from './connection-options.js';

/** The options of the command that runs an operation, as texts. */
export interface OperationOptions extends ConnectionOptions {
  readonly file?: string | undefined;
  readonly variable?: readonly string[] | undefined;
  readonly variables?: string | undefined;
  readonly operationName?: string | undefined;
  readonly format: string;
  readonly select?: string | undefined;
  readonly keepAliveTimeout?: string | undefined;
  readonly retry?: string | undefined;
  readonly take?: string | undefined;
  readonly for?: string | undefined;
  readonly resume?: string | undefined;
  readonly state?: string | undefined;
  readonly record?: string | undefined;
  readonly quiet?: boolean | undefined;
}

/** Declares the options of the command that runs an operation. */
export function addOperationOptions(command: Command): Command {
  command
    .option('-f, --file <file>', 'the file with the document; - is standard input')
    .option('-V, --variable <key:value>', 'a variable; JSON, or else a text', collect)
    .option('--variables <json>', 'the variables as a JSON object, or @file')
    .option('-o, --operation-name <name>', 'the operation of the document that is to run')
    .option('--format <format>', 'json: a line for each result; pretty: for people', 'json')
    .option('--select <path>', 'print what is at this path of each result, such as data.trades');
  return addConnectionOptions(command)
    .option(
      '--keep-alive-timeout <time>',
      'the silence after which a connection is given up, or off (default: learnt from the server)',
    )
    .option('--retry <n>', 'dial again n times in a row; 0 fails at once (default: without end)')
    .option('--take <n>', 'end after n results')
    .option('--for <time>', 'end after this time')
    .option('--resume <variable=path>', 'the variable that takes the cursor of the last result')
    .option('--state <file>', 'the file that keeps the cursor of --resume across restarts')
    .option('--record <file>', 'record the frames, for rxgql replay')
    .option('-q, --quiet', 'show nothing but errors on standard error');
}
