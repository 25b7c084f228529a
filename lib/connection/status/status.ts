import { asyncScheduler, defer, merge, of } from 'rxjs';
import type { GraphQLSocketError } from '../../errors.js';
import type { Deliveries } from '../../rx/emitter.js';
import { Emitter } from '../../rx/emitter.js';
import { sealed } from '../../rx/streams.js';

/** State of a socket object, discriminated by `state`. Instants are ms since the epoch. */
export type SocketStatus = { readonly since: number } & SocketState;

type SocketState =
  | { readonly state: 'idle' }
  | { readonly state: 'connecting'; readonly attempt: number }
  | { readonly state: 'connected'; readonly subprotocol: string; readonly ackPayload: unknown }
  | {
      readonly state: 'waiting';
      /** The retry that is waited for: 1 = first retry in a row; 0 = a first dial that must wait for its turn. */
      readonly attempt: number;
      /** ms; undefined when an Observable decides. */
      readonly delay: number | undefined;
      readonly until: number | undefined;
      readonly error: GraphQLSocketError;
    }
  | { readonly state: 'failed'; readonly error: GraphQLSocketError }
  | { readonly state: 'closed' };

/** A dial that has waited for its turn begins. */
const isSameDial = (from: SocketState, to: SocketState) =>
  from.state === 'connecting' && to.state === 'connecting' && from.attempt === to.attempt;

/** The state of one socket object. */
export type StatusLog = ReturnType<typeof createStatusLog>;

export function createStatusLog(deliveries: Deliveries) {
  const changes = new Emitter<SocketStatus>(deliveries);
  let current: SocketState = { state: 'idle' };
  let since = asyncScheduler.now();
  const status = () => ({ ...current, since });
  return {
    // the changes first, because the handler of the present state may lead to another one
    status$: sealed(
      merge(
        changes.stream$,
        defer(() => of(status())),
      ),
    ),
    /** Enters a state. After `closed` no other state follows. */
    enter(next: SocketState) {
      if (current.state === 'closed' || isSameDial(current, next)) return;
      current = next;
      since = asyncScheduler.now();
      if (changes.observed) changes.next(status());
    },
    complete() {
      changes.complete();
    },
  };
}
