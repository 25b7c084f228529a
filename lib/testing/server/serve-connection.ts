import { defer, EMPTY, finalize, merge, mergeMap, type Observable, takeUntil } from 'rxjs';
import type { ServedSocket } from './create-peer.js';
import type { Dialect, Verb } from './dialects.js';
import { createHandshake, type Handshake, type HandshakeOptions } from './handshake.js';
import type { LedgerWriter } from './ledger.js';
import { readRequest } from './operation-handler.js';
import type { Settled } from './options.js';
import { type Answering, type Operations, runOperations } from './run-operations.js';
import { parseWireMessage, type WireMessage } from './wire-message.js';

type Options = HandshakeOptions & Settled<'answerPings' | 'ignoreStop'> & Answering;

/** Speaks a protocol with a client, while subscribed to. @param write - writes to the ledger */
export function serveConnection(
  served: ServedSocket,
  dialect: Dialect,
  options: Options,
  write: LedgerWriter['write'],
): Observable<unknown> {
  const { peer, closing$ } = served;
  return defer(() => {
    const operations = runOperations(dialect, options, write);
    const handshake = createHandshake(peer, dialect, options);
    const verbs = answers(served, dialect, options, handshake, operations);
    const answer = (frame: string): Observable<unknown> => {
      const message = parseWireMessage(frame);
      if (!message) {
        dialect.malformed(peer, 'Invalid message');
        return EMPTY;
      }
      const verb = dialect.verbs.get(message.type);
      if (verb === 'init') return handshake.init(message);
      if (verb) verbs[verb](message);
      else dialect.malformed(peer, 'Invalid message type');
      return EMPTY;
    };
    const conversation$ = merge(handshake.late$, peer.frames$.pipe(mergeMap(answer))).pipe(
      finalize(() => operations.endAll()),
      // The operations end with our close frame, also if the client never answers it.
      takeUntil(closing$),
    );
    return merge(conversation$, peer.closed$);
  });
}

type Answers = Readonly<Record<Exclude<Verb, 'init'>, (message: WireMessage) => void>>;

function answers(
  { peer, answer }: ServedSocket,
  dialect: Dialect,
  { answerPings, ignoreStop }: Settled<'answerPings' | 'ignoreStop'>,
  handshake: Handshake,
  operations: Operations,
): Answers {
  return {
    subscribe: ({ id, payload }) => {
      const context = handshake.acknowledged();
      if (!context) {
        peer.close(4401, 'Unauthorized');
        return;
      }
      if (typeof id !== 'string' || id === '') {
        dialect.malformed(peer, 'Invalid message');
        return;
      }
      const request = readRequest(id, payload);
      if (!request) {
        dialect.badRequest(peer, id);
        return;
      }
      if (operations.has(id) && !dialect.replaces) {
        peer.close(4409, 'Subscriber already exists');
        return;
      }
      if (operations.end(id)) peer.send({ id, type: 'complete' });
      operations.start(request, context);
    },
    stop: ({ id }) => {
      if (ignoreStop || !operations.end(id)) return;
      if (dialect.acknowledgesStop) peer.send({ id, type: 'complete' });
    },
    ping: ({ payload }) => {
      if (!answerPings) return;
      const pong = encode({ type: 'pong', payload });
      if (pong === undefined) dialect.malformed(peer, 'Invalid message');
      else answer(pong);
    },
    pong: () => undefined,
    terminate: () => peer.close(),
  };
}

/** Returns `undefined` for a payload that is too deep for `JSON.stringify`, although `JSON.parse` could read it. */
function encode(message: WireMessage): string | undefined {
  try {
    return JSON.stringify(message);
  } catch {
    return undefined;
  }
}
