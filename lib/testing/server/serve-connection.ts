import { defer, EMPTY, finalize, merge, mergeMap, type Observable, takeUntil } from 'rxjs';
import type { ServedSocket } from './create-peer.js';
import type { Dialect, Verb } from './dialects.js';
import { createHandshake, type HandshakeOptions } from './handshake.js';
import type { LedgerWriter } from './ledger.js';
import { readRequest } from './operation-handler.js';
import type { Settled } from './options.js';
import { type Answering, runOperations } from './run-operations.js';
import { parseWireMessage, type WireMessage } from './wire-message.js';

type Options = HandshakeOptions & Settled<'answerPings' | 'ignoreStop'> & Answering;

/** Speaks a protocol with a client, while subscribed to. */
export function serveConnection(
  { peer, answer, closing$ }: ServedSocket,
  dialect: Dialect,
  options: Options,
  write: LedgerWriter['write'],
): Observable<unknown> {
  const { answerPings, ignoreStop } = options;
  return defer(() => {
    const operations = runOperations(dialect, options, write);
    const handshake = createHandshake(peer, dialect, options);
    const malformed = () => dialect.malformed(peer, 'Invalid message');
    const subscribe = ({ id, payload }: WireMessage) => {
      const context = handshake.acknowledged();
      const request = readRequest(id as string, payload);
      if (!context) peer.close(4401, 'Unauthorized');
      else if (typeof id !== 'string' || id === '') malformed();
      else if (!request) dialect.badRequest(peer, id);
      else if (operations.has(id) && !dialect.replaces)
        peer.close(4409, 'Subscriber already exists');
      else {
        if (operations.end(id)) peer.send({ id, type: 'complete' });
        operations.start(request, context);
      }
    };
    const verbs: Readonly<Record<Exclude<Verb, 'init'>, (message: WireMessage) => void>> = {
      subscribe,
      stop: ({ id }) => {
        const ended = !ignoreStop && operations.end(id);
        if (ended && dialect.acknowledgesStop) peer.send({ id, type: 'complete' });
      },
      ping: ({ payload }) => {
        if (!answerPings) return;
        const pong = encode({ type: 'pong', payload });
        if (pong === undefined) malformed();
        else answer(pong);
      },
      pong: () => undefined,
      terminate: () => peer.close(),
    };
    const react = (frame: string): Observable<unknown> => {
      const message = parseWireMessage(frame);
      const verb = message && dialect.verbs.get(message.type);
      if (!message) malformed();
      else if (verb === 'init') return handshake.init(message);
      else if (verb) verbs[verb](message);
      else dialect.malformed(peer, 'Invalid message type');
      return EMPTY;
    };
    const conversation$ = merge(handshake.late$, peer.frames$.pipe(mergeMap(react))).pipe(
      finalize(operations.endAll),
      // The operations end with our close frame, also if the client never answers it.
      takeUntil(closing$),
    );
    return merge(conversation$, peer.closed$);
  });
}

/** Returns `undefined` for a payload that is too deep for `JSON.stringify`, although `JSON.parse` could read it. */
function encode(message: WireMessage): string | undefined {
  try {
    return JSON.stringify(message);
  } catch {
    return undefined;
  }
}
