import { must } from './broken.js';
import type { Patient } from './patient.js';

/** The reasons that a client of ours closes with: no text of a user's or a server's. */
const reasons: ReadonlySet<string> = new Set(['', 'Malformed frame', 'Malformed handshake']);

const prototypeBefore = Object.getOwnPropertyNames(Object.prototype).join();

/** What holds whenever the client has come to rest. */
export function checkInvariants({ server, status, streams }: Patient): void {
  const { peers } = server.fake;
  for (const { closes } of peers)
    for (const { reason } of closes)
      must(reasons.has(reason), 'a close reason is a fixed one', reason);
  must(
    Object.getOwnPropertyNames(Object.prototype).join() === prototypeBefore,
    'Object.prototype is not polluted',
    Object.getOwnPropertyNames(Object.prototype),
  );
  const open = peers.filter(({ readyState, closes }) => readyState < 2 && closes.length === 0);
  must(open.length <= 1, 'there is one socket at most', open.length);
  const { state } = status;
  const live = streams.filter((stream) => stream.live).map(({ query }) => query);
  if (state === 'connected' || state === 'connecting')
    must(
      open[0] === peers.at(-1) && open.length === 1,
      `${state} is on a socket that is open`,
      live,
    );
  if (state === 'failed' || state === 'idle')
    must(live.length === 0, `${state} leaves no stream hanging`, live);
  for (const { kind, query, notices } of streams) {
    const sent = peers.flatMap(({ operations }) =>
      operations.filter(({ request }) => request.query === query),
    );
    must(kind !== 'mutate$' || sent.length <= 1, 'a mutation is not sent twice', query);
    const end = notices.findIndex(({ type }) => type !== 'value');
    must(
      end === -1 || end === notices.length - 1,
      'a stream ends once, and says nothing after',
      notices,
    );
  }
}
