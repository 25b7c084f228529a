import type { GraphQLSocket } from 'rx-graphql-ws';
import type { Observable, Subscription } from 'rxjs';
import { take } from 'rxjs';
import type { Model } from './model.js';
import type { Kind, Manner, Operation } from './operation.js';

/** Those who subscribe. */
export interface Consumers {
  /** How often one of them threw. */
  readonly thrown: number;
  subscribe(kind: Kind, manner: Manner): void;
  unsubscribe(operation: Operation): void;
  /** `close()` of the socket object. */
  dispose(): void;
}

/** Beyond that many in a run nobody subscribes any more: consumers that subscribe to another would never end. */
const most = 100;

export function createConsumers(
  socket: GraphQLSocket,
  model: Model,
  did: (text: string) => void,
): Consumers {
  const subscriptions = new Map<Operation, Subscription>();
  let thrown = 0;

  const unsubscribe = (operation: Operation) => {
    if (operation.over) return;
    model.leaving(operation);
    subscriptions.get(operation)?.unsubscribe();
  };
  const dispose = () => {
    if (!model.disposed) model.disposing();
    socket.close();
  };
  const subscribe = (kind: Kind, manner: Manner) => {
    const key = model.operations.length;
    if (key >= most) return;
    const operation = createOperation(key, kind, manner);
    model.joined(operation);
    let first = true;
    const subscription = sourceOf(socket, operation).subscribe({
      next(value) {
        did(`operation ${key}: next ${JSON.stringify(value)}`);
        model.told(operation, `next ${JSON.stringify(value)}`);
        if (first) atFirst(operation);
        first = false;
        if (manner !== 'throws') return;
        thrown += 1;
        throw new Error('thrown by a consumer');
      },
      error(error: unknown) {
        ended(operation, `error ${(error as Error).name}`);
      },
      complete() {
        ended(operation, 'complete');
      },
    });
    subscriptions.set(operation, subscription);
  };
  const ended = (operation: Operation, how: string) => {
    did(`operation ${operation.key}: ${how}`);
    model.told(operation, how);
    if (operation.manner === 'succeeds') subscribe('subscription', 'plain');
  };
  const atFirst = (operation: Operation) => {
    const { manner } = operation;
    if (manner === 'leaves') unsubscribe(operation);
    else if (manner === 'subscribes') subscribe('subscription', 'plain');
    else if (manner === 'disposes') dispose();
    else if (manner === 'evicts') {
      const other = model.live().find((each) => each !== operation);
      if (other) unsubscribe(other);
    }
  };

  return {
    get thrown() {
      return thrown;
    },
    subscribe,
    unsubscribe,
    dispose,
  };
}

function sourceOf(socket: GraphQLSocket, { key, kind, manner }: Operation): Observable<unknown> {
  const variables = { key };
  const source$ =
    kind === 'subscription'
      ? socket.subscribe$({ query: 'subscription { value }', variables })
      : kind === 'query'
        ? socket.query$({ query: '{ value }', variables })
        : socket.mutate$({ query: 'mutation { value }', variables });
  return manner === 'once' ? source$.pipe(take(1)) : source$;
}

function createOperation(key: number, kind: Kind, manner: Manner): Operation {
  return {
    key,
    kind,
    manner,
    expected: [],
    route: undefined,
    sends: 0,
    sentAt: 0,
    heardOf: false,
    blamed: false,
    answered: false,
    over: false,
    owed: false,
    condemned: undefined,
    patient: false,
  };
}
