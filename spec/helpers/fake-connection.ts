import type { Observable } from 'rxjs';
import { NEVER } from 'rxjs';
import type { Connection } from '../../lib/connection/connection.js';
import type { ClientMessage, ServerMessage } from '../../lib/protocol/codec.js';
import type { Payload } from '../../lib/types.js';

export interface FakeConnection extends Connection {
  readonly sent: readonly ClientMessage[];
}

/** A connection as anybody may implement it: of the contract's members only. */
export function fakeConnection(
  messages$: Observable<ServerMessage> = NEVER,
  given: { subprotocol?: string; ackPayload?: unknown; payload$?: Observable<Payload> } = {},
): FakeConnection {
  const { subprotocol = 'graphql-transport-ws', ackPayload, payload$ = NEVER } = given;
  const sent: ClientMessage[] = [];
  return {
    subprotocol,
    ackPayload,
    messages$,
    sent,
    send: (message) => sent.push(message),
    execute: <TData>() => payload$ as Observable<Payload<TData>>,
  };
}

/** An undecoded result. */
export function payload(result: object): Payload {
  return { text: JSON.stringify(result), decode: () => result };
}
