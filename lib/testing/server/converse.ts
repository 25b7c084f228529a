import { defer, EMPTY, finalize, merge, mergeMap, takeUntil, type Observable } from 'rxjs';
import type { Dialect, Verb } from './dialect.js';
import type { Settled } from './graphql-test-server-options.js';
import { greet, type Greeting, type GreetingOptions } from './greet.js';
import type { LedgerWriter } from './ledger.js';
import type { ConnectionContext } from './operation-handler.js';
import { readRequest } from './read-request.js';
import { runOperations, type Answering, type Operations } from './run-operations.js';
import type { ServedPeer } from './served-peer.js';
import { parseWireMessage, type WireMessage } from './wire-message.js';

/** The options that shape a conversation. */
export type ConversationOptions = GreetingOptions &
  Settled<'answerPings' | 'ignoreStop'> &
  Answering;

/**
 * Speaks a protocol with a client, for as long as it is subscribed to.
 *
 * @param peer - the client
 * @param dialect - the protocol
 * @param options - the server's
 * @param write - the ledger's
 */
export function converse(
  peer: ServedPeer,
  dialect: Dialect,
  options: ConversationOptions,
  write: LedgerWriter['write'],
): Observable<unknown> {
  return defer(() => {
    const operations = runOperations(dialect, options, write);
    const greeting = greet(peer, dialect, options);
    const verbs = answers(peer, dialect, options, { greeting, operations });
    const answer = (frame: string): Observable<unknown> => {
      const message = parseWireMessage(frame);
      if (!message) {
        dialect.malformed(peer, 'Invalid message');
        return EMPTY;
      }
      const verb = dialect.verbs.get(message.type);
      if (verb === 'init') return greeting.init(message);
      if (verb) verbs[verb](message);
      else dialect.malformed(peer, 'Invalid message type');
      return EMPTY;
    };
    const conversation$ = merge(greeting.late$, peer.frames$.pipe(mergeMap(answer))).pipe(
      finalize(() => {
        operations.endAll();
      }),
      // A client that does not answer our close frame is not worked for.
      takeUntil(peer.closing$),
    );
    return merge(conversation$, peer.closed$);
  });
}

type Answers = Readonly<Record<Exclude<Verb, 'init'>, (message: WireMessage) => void>>;

function answers(
  peer: ServedPeer,
  dialect: Dialect,
  { answerPings, ignoreStop }: Settled<'answerPings' | 'ignoreStop'>,
  { greeting, operations }: { readonly greeting: Greeting; readonly operations: Operations },
): Answers {
  return {
    subscribe: (message) => {
      const context = greeting.acknowledged();
      if (context) start(message, context, dialect, operations);
      else peer.close(4401, 'Unauthorized');
    },
    stop: ({ id }) => {
      if (ignoreStop || !operations.end(id)) return;
      if (dialect.acknowledgesStop) peer.send({ id, type: 'complete' });
    },
    ping: ({ payload }) => {
      if (!answerPings) return;
      const pong = encode({ type: 'pong', payload });
      if (pong === undefined) dialect.malformed(peer, 'Invalid message');
      else peer.answer(pong);
    },
    pong: () => undefined,
    terminate: () => {
      peer.close();
    },
  };
}

function start(
  { id, payload }: WireMessage,
  context: ConnectionContext,
  dialect: Dialect,
  operations: Operations,
): void {
  const { peer } = context;
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
}

/** The message as JSON, or `undefined` where it is nested too deep for that. What was received can be so. */
function encode(message: WireMessage): string | undefined {
  try {
    return JSON.stringify(message);
  } catch {
    return undefined;
  }
}
