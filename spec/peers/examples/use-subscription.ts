import { useMemo, useSyncExternalStore } from 'react';
import type { GraphQLSocket } from 'rx-graphql-ws';
import type { Observable } from 'rxjs';

export interface Live<T> {
  readonly data?: T;
  readonly error?: unknown;
}

const nothing: Live<never> = {};

function createStore<T>(stream$: Observable<T>) {
  let live: Live<T> = nothing;
  return {
    read: () => live,
    subscribe(changed: () => void) {
      const set = (next: Live<T>) => {
        live = next;
        changed();
      };
      const subscription = stream$.subscribe({
        next: (data) => set({ data }),
        error: (error: unknown) => set({ ...live, error }),
      });
      return () => subscription.unsubscribe();
    },
  };
}

/** The last value of a subscription. It is sent anew when the query or the variables change. */
export function useSubscription<T>(socket: GraphQLSocket, query: string, variables = {}): Live<T> {
  const key = JSON.stringify(variables);
  const store = useMemo(
    () => createStore(socket.subscribe$<T>({ query, variables: JSON.parse(key) as object })),
    [socket, query, key],
  );
  return useSyncExternalStore(store.subscribe, store.read, () => nothing);
}
