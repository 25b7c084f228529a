import {
  defer,
  EMPTY,
  finalize,
  from,
  merge,
  mergeMap,
  type Observable,
  takeUntil,
  tap,
} from 'rxjs';
import { hasBalancedBraces } from '../operation-head.js';
import type { ServedSocket } from './create-peer.js';
import type { Dialect, Verb } from './dialects.js';
import { createHandshake, type HandshakeOptions } from './handshake.js';
import type { LedgerWriter } from './ledger.js';
import { type ConnectionContext, readRequest } from './operation-handler.js';
import type { Settled } from './options.js';
import { type Answering, runOperations } from './run-operations.js';
import { parseWireMessage, type WireMessage } from './wire-message.js';

type Options = HandshakeOptions & Settled<'answerPings' | 'ignoreStop'> & Answering;

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
    const verbs = verbsOf({ served, dialect, options, operations, handshake });
    const react = (frame: string): Observable<unknown> => {
      const message = parseWireMessage(frame);
      const verb = message && dialect.verbs.get(message.type);
      if (verb && dialect.isWhole(message)) return verbs[verb](message) ?? EMPTY;
      dialect.malformed(peer, frame);
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

interface Conversation {
  readonly served: ServedSocket;
  readonly dialect: Dialect;
  readonly options: Options;
  readonly operations: ReturnType<typeof runOperations>;
  readonly handshake: ReturnType<typeof createHandshake>;
}

type Reaction = (message: WireMessage) => Observable<unknown> | undefined;

function verbsOf(conversation: Conversation): Readonly<Record<Verb, Reaction>> {
  const { served, dialect, options, operations, handshake } = conversation;
  const { peer, answer } = served;
  return {
    init: handshake.init,
    subscribe: ({ id, payload }) =>
      handshake.context().pipe(
        mergeMap((context) => {
          if (context) return start(conversation, String(id), payload, context) ?? EMPTY;
          peer.close(4401, 'Unauthorized');
          return EMPTY;
        }),
      ),
    stop: ({ id }) => {
      const ended = !options.ignoreStop && operations.end(id);
      if (ended && dialect.acknowledgesStop) peer.send({ id, type: 'complete' });
      return undefined;
    },
    ping: ({ payload }) => {
      if (!options.answerPings) return undefined;
      const pong = encode({ type: 'pong', payload });
      return later(1, () =>
        pong === undefined ? peer.close(4500, 'Internal server error') : answer(pong),
      );
    },
    pong: () => undefined,
    terminate: () => {
      peer.close();
      return undefined;
    },
  };
}

function start(
  { dialect, operations }: Conversation,
  id: string,
  payload: unknown,
  context: ConnectionContext,
): Observable<unknown> | undefined {
  const { peer } = context;
  const request = readRequest(id, payload);
  if (!request) dialect.syntaxError(peer, id, 'Must provide document');
  else if (!hasBalancedBraces(request.query))
    return later(2, () => dialect.syntaxError(peer, id, 'Syntax Error: unbalanced braces'));
  else if (operations.has(id) && !dialect.replaces) peer.close(4409, 'Subscriber already exists');
  else {
    if (operations.end(id)) peer.send({ id, type: 'complete' });
    operations.start(request, context);
  }
  return undefined;
}

/** Acts after so many microtasks: a pong comes before the close for a document, and not before that for a malformed frame, as in graphql-ws. */
function later(hops: 1 | 2, act: () => void): Observable<unknown> {
  const first = Promise.resolve();
  return from(hops === 1 ? first : first.then(() => undefined)).pipe(tap(act));
}

/** Returns `undefined` for a payload that is too deep for `JSON.stringify`, although `JSON.parse` could read it. */
function encode(message: WireMessage): string | undefined {
  try {
    return JSON.stringify(message);
  } catch {
    return undefined;
  }
}
