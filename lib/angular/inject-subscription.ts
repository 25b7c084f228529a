import type { InjectionToken, Signal } from '@angular/core';
import {
  computed,
  effect,
  inject,
  Injector,
  linkedSignal,
  PLATFORM_ID,
  signal,
  untracked,
} from '@angular/core';
import type { GraphQLSocket, RequestInput, SubscribeOptions, Variables } from 'rx-graphql-ws';
import type { Watched } from 'rx-graphql-ws/recovery';
import { watch } from 'rx-graphql-ws/recovery';
import { isSame } from './is-same.js';
import { GRAPHQL_SOCKET } from './provide-graphql-socket.js';
import { runOutside } from './zone.js';

/** Options of {@link injectSubscription}, besides those of `subscribe$`. */
export interface InjectSubscriptionOptions extends SubscribeOptions {
  /** The token of the socket. @defaultValue `GRAPHQL_SOCKET` */
  token?: InjectionToken<GraphQLSocket> | undefined;
  /** Whether `value` keeps its value when the request changes, until the first value of the new one. @defaultValue `false` */
  keepPrevious?: boolean | undefined;
  /** ms without a new value after which the status is `stale`. @defaultValue never */
  staleAfter?: number | undefined;
  /** The injector to use outside of an injection context. @defaultValue the present one */
  injector?: Injector | undefined;
}

/** A subscription as signals. None of them ever throws. */
export interface SubscriptionSignals<T> {
  /** The latest data; `undefined` before the first. */
  readonly value: Signal<T | undefined>;
  /** The error that ended the subscription, or that the function of the request threw. */
  readonly error: Signal<unknown>;
  /**
   * `idle`: there is no request. `pending`: no value has come yet. `live`: `value` is as the server sent it last. `stale`: nothing came for `staleAfter`
   * ms, or since the connection was restored. `disconnected`: the connection is lost. `failed`, `completed`: the subscription has ended.
   */
  readonly status: Signal<SubscriptionStatus>;
  /** Whether the status is `stale` or `disconnected`. */
  readonly stale: Signal<boolean>;
  /** Subscribes anew, for example after an error. `value` is kept until the next. */
  reload(): void;
}

/** `idle`, or a state of `watch`. */
export type SubscriptionStatus = 'idle' | Watched<unknown>['state'];

/**
 * Subscribes to what `request` returns, as signals. It subscribes anew when the signals in `request` change, unless the request is equal: the
 * document and the variables are compared. `value` is then cleared, unless `keepPrevious` is set. `undefined` means no subscription. After an error it
 * rests until the request changes or `reload()` is called. It ends with its injector. On the server it stays `pending`.
 *
 * With zone.js its signals are set outside of Angular's zone, so that Angular renders at most once a frame.
 *
 * @throws ConfigurationError - an option that is unknown or wrong.
 *
 * @example
 * ```ts
 * readonly price = injectSubscription<{ price: number }>(() => ({
 *   query: 'subscription Price($symbol: String!) { price(symbol: $symbol) }',
 *   variables: { symbol: this.symbol() },
 * }));
 * ```
 */
export function injectSubscription<TData = unknown, TVariables = Variables>(
  request: () => RequestInput<TData, TVariables> | undefined,
  options: InjectSubscriptionOptions = {},
): SubscriptionSignals<TData> {
  const { injector = inject(Injector), token = GRAPHQL_SOCKET, ...rest } = options;
  const { keepPrevious = false, staleAfter, ...given } = rest;
  const socket = injector.get(token);
  // a wrong option is an error of this call, not of a stream
  void socket.subscribe$('subscription { a }', given);

  const reloads = signal(0);
  const input = createInput(request as () => Input['request'], reloads);
  const state = linkedSignal<Input, State<TData>>({
    source: input,
    computation: (next, previous) => begin(next, keepPrevious, previous),
  });
  const run = (current: Input) =>
    socket
      .subscribe$<TData>(current.request as RequestInput<TData, Variables>, given)
      .pipe(watch({ staleAfter, status$: socket.status$ }))
      // eslint-disable-next-line rxjs-x/no-ignored-error -- it never errors
      .subscribe(({ state: status, value, at, error }) => {
        // the request has changed, and the effect has not run yet
        if (input() !== current) return;
        state.update((last) => ({ status, error, value: at === undefined ? last.value : value }));
      });
  const isServer = injector.get(PLATFORM_ID) === 'server';
  effect(
    (onCleanup) => {
      const current = input();
      if (current.request === undefined || isServer) return;
      const subscription = untracked(() => runOutside(() => run(current)));
      onCleanup(() => subscription.unsubscribe());
    },
    { injector },
  );
  return {
    ...signalsOf(state),
    reload() {
      reloads.update((count) => count + 1);
    },
  };
}

interface Input {
  readonly request?: RequestInput<unknown, Variables> | undefined;
  readonly error?: unknown;
  readonly reloads: number;
}

interface State<T> {
  readonly status: SubscriptionStatus;
  readonly value: T | undefined;
  readonly error: unknown;
}

function signalsOf<T>(state: Signal<State<T>>): Omit<SubscriptionSignals<T>, 'reload'> {
  return {
    value: computed(() => state().value),
    error: computed(() => state().error),
    status: computed(() => state().status),
    stale: computed(() => ['stale', 'disconnected'].includes(state().status)),
  };
}

/** The request to subscribe to. It is the same object until the request is another one, or a reload is wanted. */
const createInput = (request: () => Input['request'], reloads: Signal<number>) =>
  computed(
    (): Input => {
      const now = { reloads: reloads() };
      try {
        return { ...now, request: request() };
      } catch (error) {
        return { ...now, error };
      }
    },
    { equal: isSame },
  );

/** The state before the first value. */
function begin<T>(
  { request, error }: Input,
  keepPrevious: boolean,
  previous: { readonly source: Input; readonly value: State<T> } | undefined,
): State<T> {
  const resting = error === undefined ? 'idle' : 'failed';
  if (request === undefined) return { status: resting, value: undefined, error };
  const keeps = keepPrevious || isSame(request, previous?.source.request);
  return { status: 'pending', value: keeps ? previous?.value.value : undefined, error };
}
