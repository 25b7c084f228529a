import { readFile } from 'node:fs/promises';
import { map, timer } from 'rxjs';
import { anything, type Check, checkAll } from '../check.js';
import { planDials, playbackChecks, type PlaybackOptions } from '../recording/plan-dials.js';
import { play } from '../recording/play.js';
import { parseRecording, type Recording } from '../recording/recording.js';
import type { Scene } from '../recording/scene.js';
import { chooseSubprotocol } from '../recording/translate.js';
import type { UpgradeVerdict } from './api/peer.js';
import type { GraphQLTestServerOptions } from './api/options.js';
import type { GraphQLTestServer } from './api/server.js';
import { isCloseCode } from './check-faults.js';
import { graphqlTestServer } from './create-server.js';

/** Options of `replayServer`: those of `replay`, and some of `graphqlTestServer`. */
export interface ReplayServerOptions
  extends
    PlaybackOptions,
    Pick<GraphQLTestServerOptions, 'port' | 'host' | 'tls' | 'headers' | 'ledger'> {}

/** Of the options of `graphqlTestServer` it checks the names only. */
const names: Readonly<Record<keyof ReplayServerOptions, Check>> = {
  ...playbackChecks,
  port: anything,
  host: anything,
  tls: anything,
  headers: anything,
  ledger: anything,
};

/**
 * Serves a recording over real sockets. The nth dial gets the nth attempt of the recording. Where the recording ends without a close, the
 * connection becomes half-open. Later dials get HTTP 410, unless `loop` is set.
 * @param file - path or `file:` URL of a recording that `record` made
 * @returns the listening server
 * @throws Error when the file cannot be read or is no recording (with the number of the line), or when the port is taken
 * @throws TypeError when an option is unknown or wrong
 * @example
 * ```ts
 * const { url, stop } = await replayServer('stall.ndjson', { speed: 10 });
 * ```
 */
export async function replayServer(
  file: string | URL,
  options: ReplayServerOptions = {},
): Promise<GraphQLTestServer> {
  checkAll('options', options, names);
  const { speed, loop, ...others } = options;
  const nextDial = planDials(await read(file), { speed, loop });
  // Grant, negotiation and script follow each other synchronously, so that one variable is enough.
  let granted: Scene | undefined;
  return graphqlTestServer({
    ...others,
    authorize: () => {
      const plan = nextDial();
      return timer(plan.after).pipe(
        map((): UpgradeVerdict => {
          if ('failure' in plan) return { status: plan.over ? 410 : 503, body: plan.failure };
          granted = plan.scene;
          return true;
        }),
      );
    },
    subprotocols: (offered) => chooseSubprotocol(granted as Scene, offered) || undefined,
    script: ({ received$: messages$, subprotocol, send, stall, close, drop }) => {
      const end = (code: number, reason: string) => {
        if (code === 1005) close();
        else if (isCloseCode(code)) close(code, reason);
        else drop();
      };
      const client = { messages$, send, stall, close: end, hasLeft: () => false };
      return play(granted as Scene, client, subprotocol, speed);
    },
  });
}

async function read(file: string | URL): Promise<Recording> {
  const name = String(file);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    // The error is not the cause, because a caller may pass the text of a recording as its path.
    const [reason] = (error as Error).message.split(", open '", 1);
    const path = JSON.stringify(name.slice(0, 80)) + (name.length > 80 ? '…' : '');
    const hint = 'the path of a file is wanted; `replay` takes the text';
    throw new Error(`cannot read the recording: ${String(reason)}: ${path} (${hint})`);
  });
  return parseRecording(text, name);
}
