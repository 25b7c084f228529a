import type { Command } from 'commander';

/** The options of the commands that dial, as texts. */
export interface ConnectionOptions {
  readonly header?: readonly string[] | undefined;
  readonly param?: readonly string[] | undefined;
  readonly tokenFile?: string | undefined;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly subprotocol?: readonly string[] | undefined;
  readonly connectTimeout?: string | undefined;
  readonly debug?: boolean | undefined;
}

/** Collects the values of an option that may be given several times. */
export const collect = (value: string, previous: readonly string[] = []): readonly string[] => [
  ...previous,
  value,
];

/** Declares the options of the commands that dial. */
export function addConnectionOptions(command: Command): Command {
  return command
    .option('-H, --header <name:value>', 'a header of the upgrade request', collect)
    .option(
      '--param <key:value>',
      'a member of the payload of connection_init; JSON, or else a text',
      collect,
    )
    .option('--token-file <file>', 'the file with the token for {token}; read for each dial')
    .option('--ca <file>', 'the certificates to trust (PEM)')
    .option('--cert <file>', 'the certificate of the client (PEM)')
    .option('--key <file>', 'the key of the certificate (PEM)')
    .option(
      '--subprotocol <name>',
      'offer this subprotocol alone: graphql-transport-ws, or the legacy graphql-ws',
      collect,
    )
    .option('--connect-timeout <time>', 'the time to open the socket (default: 10s)')
    .option('--debug', 'show frames and stack traces on standard error');
}
