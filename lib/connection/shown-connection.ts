import type { Observable } from 'rxjs';
import type { Codec, ServerMessage } from '../protocol/codec.js';
import type { PrepareOptions } from '../protocol/request.js';
import { prepareRequest } from '../protocol/request.js';
import type { Emitter } from '../rx/emitter.js';
import { guarded } from '../rx/streams.js';
import type { LiveSocket } from '../transport/socket.js';
import type { Payload, RequestInput } from '../types.js';
import type { LiveConnection, LossReason } from './connection.js';
import type { Outbox } from './outbox.js';
import type { Router } from './router.js';
import type { Operation } from './suspects.js';
import { createFlowControl } from './ws-abilities.js';

/** The connection as the handshake holds it. */
interface Held {
  readonly ackPayload: unknown;
  readonly received: number;
  readonly messages: Emitter<ServerMessage>;
  readonly theirPings: Emitter<ServerMessage>;
  readonly heartbeats: Emitter<undefined>;
  readonly losses: Emitter<true>;
  readonly pinger: LiveConnection['ping'];
  readonly outbox: Outbox;
  readonly router: Router;
  lose(why: LossReason, left: boolean): void;
  leave(why: LossReason, disposed?: boolean): void;
}

/** The connection as the other stages and users see it: a plain object, which a user may spread, and whose functions he may take off it. */
export function showConnection(
  own: Held,
  socket: LiveSocket,
  { subprotocol, canPing }: Codec,
  print: PrepareOptions['print'],
): LiveConnection {
  const { outbox } = own;
  return {
    subprotocol,
    canPing,
    get ackPayload() {
      return own.ackPayload;
    },
    get lost() {
      return outbox.isOver();
    },
    get received() {
      return own.received;
    },
    useful: false,
    messages$: own.messages.stream$,
    ping$: own.theirPings.stream$,
    heartbeat$: own.heartbeats.stream$,
    lost$: own.losses.stream$,
    ping: own.pinger,
    ...createFlowControl(socket, () => outbox.isOver()),
    send(message) {
      outbox.send(message);
    },
    ...runOn(own.router, print),
    settle: socket.session().settled,
    giveUp(error, code, reason) {
      socket.close(error, code, reason);
      own.lose(() => error, code !== undefined);
    },
    leave(why, disposed) {
      own.leave(why, disposed);
    },
  };
}

function runOn(router: Router, print: PrepareOptions['print']) {
  const start: LiveConnection['start'] = (prepared, observer) => router.start(prepared, observer);
  const stop: LiveConnection['stop'] = (operation, tookResult) => {
    router.stop(operation as Operation, tookResult);
  };
  const execute = <TData, TVariables>(request: RequestInput<TData, TVariables>) =>
    guarded<Payload>((subscriber) => {
      const operation = start(prepareRequest(request, { print }), subscriber);
      return () => {
        stop(operation);
      };
    }) as Observable<Payload<TData>>;
  return { start, stop, execute };
}
