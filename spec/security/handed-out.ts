import { expect } from 'chai';
import type { Observable } from 'rxjs';
import { of } from 'rxjs';
import type { Connection, GraphQLSocket } from 'rx-graphql-ws';
import { concatMapBounded } from 'rx-graphql-ws';
import { formsIn, textsOf } from './canary.js';
import { extensions } from './secretive.js';

/** All that somebody was given, under what it was called. */
export interface HandedOut {
  /** Keeps a stream, a subscription to it, and all that comes of it. */
  watch(name: string, stream$: Observable<unknown>): void;
  add(name: string, value: unknown): void;
  /** Whether anything of that name was given. */
  has(name: string): boolean;
  /** Fails over a secret in any of it, and over what cannot be turned into JSON. */
  expectNoSecret(): void;
  leave(): void;
}

type Thing = readonly [name: string, value: unknown];

export function handedOut(): HandedOut {
  const names = new Set<string>();
  const lasting: Thing[] = [];
  const passing: Thing[] = [];
  const subscriptions: { unsubscribe(): void }[] = [];
  const keep = (things: Thing[]) => (name: string, value: unknown) => {
    names.add(name);
    things.push([name, value]);
  };
  const add = keep(lasting);
  // checked once, because nothing of a value changes later
  const pass = keep(passing);
  return {
    add,
    watch(name, stream$) {
      const subscription = stream$.subscribe({
        next: (value) => pass(`a value of ${name}`, value),
        error: (error: unknown) => addError(`the error of ${name}`, error, add),
        complete: () => names.add(`the end of ${name}`),
      });
      subscriptions.push(subscription);
      add(name, stream$);
      add(`a subscription of ${name}`, subscription);
    },
    has: (name) => names.has(name),
    expectNoSecret() {
      const leaks = [...lasting, ...passing.splice(0)].flatMap(([name, value]) =>
        textsOf(value)
          .filter((text) => formsIn(text).length > 0)
          .map((text) => `${name}: ${text.slice(0, 2_000)}`),
      );
      expect(leaks).to.deep.equal([]);
    },
    leave() {
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
  };
}

/** An error, and what it is made of. */
function addError(name: string, error: unknown, add: HandedOut['add']): void {
  add(name, error);
  if (!(error instanceof Error)) return;
  add(`the message of ${name}`, error.message);
  add(`the stack of ${name}`, error.stack);
  if (error.cause !== undefined) addError(`the cause of ${name}`, error.cause, add);
}

/** What a socket object gives, with one operation of each kind. */
export function watchSocket(socket: GraphQLSocket, out: HandedOut): void {
  const request = (query: string) => ({ query, extensions });
  out.add('the socket object', socket);
  out.watch('events$', socket.events$);
  out.watch('status$', socket.status$);
  out.watch('subscribe$', socket.subscribe$(request('subscription { a }')));
  out.watch('payload$', socket.payload$(request('subscription { b }')));
  out.watch('execute$', socket.execute$(request('subscription { c }')));
  out.watch('query$', socket.query$(request('{ d }')));
  out.watch('mutate$', socket.mutate$(request('mutation { e }')));
  const shared$ = socket.subscribe$(request('subscription { g }'), { share: { replay: 1 } });
  out.watch('subscribe$ with share', shared$);
  out.watch('subscribe$ with share, joined', shared$);
  const bounded = concatMapBounded((data) => of(data), { capacity: 1, overflow: 'pause', socket });
  out.watch('concatMapBounded', shared$.pipe(bounded));
  out.watch('connection$', socket.connection$);
  socket.connection$.subscribe({
    next: (connection) => {
      out.add('a connection', connection);
      watchConnection(connection, out);
    },
    error: () => {},
  });
}

export function watchConnection(connection: Connection, out: HandedOut): void {
  out.watch('messages$', connection.messages$);
  out.watch(
    'execute of a connection',
    connection.execute({ query: 'subscription { f }', extensions }),
  );
}
