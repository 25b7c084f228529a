import { readFile } from 'node:fs/promises';
import { map, timer } from 'rxjs';
import { parseRecording, type Recording } from '../recording/parse-recording.js';
import { planDials, type PlaybackOptions, readPlayback } from '../recording/plan-dials.js';
import { play, type ReplayPeer } from '../recording/play.js';
import { chooseSubprotocol, type Scene } from '../recording/scene.js';
import { checkAll, type Check } from './check.js';
import { isCloseCode } from './expect-close.js';
import { graphqlTestServer, type GraphQLTestServer } from './graphql-test-server.js';
import type { GraphQLTestServerOptions } from './graphql-test-server-options.js';
import type { Peer } from './peer.js';
import type { UpgradeVerdict } from './verdict.js';

/** Options of `replayServer`: those of every replay, and a few of `graphqlTestServer`. */
export interface ReplayServerOptions
  extends
    PlaybackOptions,
    Pick<GraphQLTestServerOptions, 'port' | 'host' | 'tls' | 'headers' | 'ledger'> {}

/**
 * Serves a recording to any client, in the protocol that it speaks: what `replay` is in a test without a network. The nth dial is what
 * the nth was in the recording, whoever dials; where the recording fell silent, the connection is half-open. Dials after the last one
 * are answered with HTTP 410, unless `loop`.
 *
 * @param file - path or `file:` URL of what `record` made
 * @param options - see {@link ReplayServerOptions}
 * @returns the server, listening: its `url`, its `ledger`, `stop()`, …
 * @throws Error when the file cannot be read, is no recording (with the number of the line), or the port is taken
 * @throws TypeError for an option that is unknown or wrong
 *
 * @example
 * ```ts
 * const server = await replayServer('stall.ndjson', { speed: 10 });
 * // dial server.url …
 * await server.stop();
 * ```
 */
export async function replayServer(
  file: string | URL,
  options: ReplayServerOptions = {},
): Promise<GraphQLTestServer> {
  checkAll('options', options, checks);
  const { speed, loop, ...others } = options;
  const playback = readPlayback({ speed, loop });
  const nextDial = planDials(await read(file), playback);
  // An upgrade is granted, negotiated and handed to the script in one go.
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
    script: (peer) => {
      const staging = { subprotocol: peer.subprotocol, speed: playback.speed };
      return play(granted as Scene, toReplayPeer(peer), staging);
    },
  });
}

const elsewhere: Check = () => undefined;

/** There are no others; their values are checked where they are used. */
const checks: Readonly<Record<keyof ReplayServerOptions, Check>> = {
  speed: elsewhere,
  loop: elsewhere,
  port: elsewhere,
  host: elsewhere,
  tls: elsewhere,
  headers: elsewhere,
  ledger: elsewhere,
};

async function read(file: string | URL): Promise<Recording> {
  const name = String(file);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    // not as the cause: it may have all of a recording for a path
    const [reason] = (error as Error).message.split(", open '", 1);
    const path = JSON.stringify(name.slice(0, 80)) + (name.length > 80 ? '…' : '');
    const hint = 'the path of a file is wanted; `replay` takes the text';
    throw new Error(`cannot read the recording: ${String(reason)}: ${path} (${hint})`);
  });
  return parseRecording(text, name);
}

function toReplayPeer(peer: Peer): ReplayPeer {
  return {
    messages$: peer.received$,
    left: false,
    send: peer.send,
    stall: peer.stall,
    close: (code, reason) => {
      if (code === 1005) peer.close();
      else if (isCloseCode(code)) peer.close(code, reason);
      else peer.drop();
    },
  };
}
