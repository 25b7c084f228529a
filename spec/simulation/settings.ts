import fc from 'fast-check';
import type { GraphQLSocketConfig, WebSocketConstructor } from 'rx-graphql-ws';
import { map, timer } from 'rxjs';

/** What differs from run to run besides the commands. Durations are ms. */
export interface Settings {
  readonly protocol: 'graphql-transport-ws' | 'graphql-ws';
  readonly offers: 'both' | 'one';
  /** Whether the fake sockets are those of `ws` or of a browser. */
  readonly ws: boolean;
  /** Whether the server opens and acknowledges by itself, or only when it is told to. */
  readonly prompt: boolean;
  readonly credentials: 'none' | 'constant' | 'function' | 'observable';
  readonly pingInterval: number | false | undefined;
  readonly pongTimeout: number;
  readonly keepAliveTimeout: 'auto' | number | false;
  readonly linger: number;
  readonly closeTimeout: number;
  readonly retryCount: number | undefined;
  readonly onServerComplete: 'complete' | 'restart';
  /** For all that is random in the library. */
  readonly seed: number;
}

/** ms that an asynchronous supplier of credentials takes. */
const supplying = 20;

export const anySettings: fc.Arbitrary<Settings> = fc.record({
  protocol: fc.constantFrom('graphql-transport-ws' as const, 'graphql-ws' as const),
  offers: fc.constantFrom('both' as const, 'one' as const),
  ws: fc.boolean(),
  prompt: fc.boolean(),
  credentials: fc.constantFrom('none', 'constant', 'function', 'observable'),
  pingInterval: fc.constantFrom(undefined, undefined, 1_000, 10_000, false as const),
  pongTimeout: fc.constantFrom(1_000, 10_000),
  keepAliveTimeout: fc.constantFrom(
    'auto' as const,
    'auto' as const,
    10_000,
    30_000,
    false as const,
  ),
  linger: fc.constantFrom(0, 0, 0, 200, 5_000),
  closeTimeout: fc.constantFrom(3_000, 200),
  retryCount: fc.constantFrom(undefined, undefined, undefined, 0, 2),
  onServerComplete: fc.constantFrom('complete' as const, 'complete' as const, 'restart' as const),
  seed: fc.integer(),
});

/** Whether somebody would notice a peer that has gone silent. */
export function noticesSilence(settings: Settings, subprotocol: string): boolean {
  const { pingInterval, ws, keepAliveTimeout } = settings;
  if (typeof keepAliveTimeout === 'number') return true;
  if (subprotocol === 'graphql-ws') return ws && typeof pingInterval === 'number';
  return pingInterval !== false;
}

export function toConfig(
  settings: Settings,
  webSocketImpl: WebSocketConstructor,
): GraphQLSocketConfig {
  const { protocol, offers, retryCount, pingInterval } = settings;
  const { pongTimeout, keepAliveTimeout, linger, closeTimeout, onServerComplete } = settings;
  return {
    url: 'ws://fake',
    webSocketImpl,
    ...(offers === 'one' && { subprotocols: [protocol] }),
    connectionParams: suppliers[settings.credentials],
    ...(pingInterval !== undefined && { pingInterval }),
    pongTimeout,
    keepAliveTimeout,
    linger,
    closeTimeout,
    onServerComplete,
    ...(retryCount !== undefined && { retry: { count: retryCount } }),
  };
}

const suppliers: Readonly<
  Record<Settings['credentials'], GraphQLSocketConfig['connectionParams']>
> = {
  none: undefined,
  constant: { token: 'token' },
  function: () => ({ token: 'token' }),
  observable: () => timer(supplying).pipe(map(() => ({ token: 'token' }))),
};
