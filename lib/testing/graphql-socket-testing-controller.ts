import type { GraphQLSocket, GraphQLSocketConfig, SocketStatus } from 'rx-graphql-ws';
import { graphqlSocket } from 'rx-graphql-ws';
import { createExpectations, type Expectations } from './controller/expectations.js';
import type { OperationMatcher } from './controller/operation-matcher.js';
import { socketConfig } from './controller/socket-config.js';
import type { TestOperation } from './controller/test-operation.js';
import { createTestingServer } from './controller/testing-server.js';

/** How the connection is lost. */
export interface DisconnectOptions {
  /** Close code. @defaultValue `1006`: no close frame */
  readonly code?: number | undefined;
  /** Of a close frame. @defaultValue `''` */
  readonly reason?: string | undefined;
}

/** What `verify()` puts up with. */
export interface VerifyOptions {
  /** Operations that were taken may be open. @defaultValue `false` */
  readonly ignoreOpen?: boolean | undefined;
}

/**
 * A `GraphQLSocket` whose server is the test, for units that are given one: what they send is expected, and answered, step by
 * step. It is a real socket object but for its network, so that operations are sent again, errors mean and status tells what they
 * always do; and nothing waits: whatever the test says has reached the unit when the call returns.
 *
 * It shakes hands by itself. Timeouts, pings and the backoff are off, and `webSocketImpl` and `codecs` are its own, whatever the
 * configuration says: that of the application will do.
 *
 * A class, so that it can be an injection token: `{ provide: GRAPHQL_SOCKET, useExisting: GraphQLSocketTestingController }`.
 * `close()` closes its socket at once; a timer of 0 ms at most is left behind, as behind the last unsubscription.
 *
 * @example
 * ```ts
 * const controller = new GraphQLSocketTestingController();
 * const ticker = new Ticker(controller);
 * ticker.start('SOL');
 *
 * const prices = controller.expectOne<{ price: number }>({ operationName: 'Prices', variables: { symbol: 'SOL' } });
 * prices.next({ price: 7 });
 * expect(ticker.price).to.equal(7);
 *
 * ticker.stop();
 * prices.expectUnsubscribed();
 * controller.verify();
 * ```
 */
export class GraphQLSocketTestingController implements GraphQLSocket {
  declare readonly subscribe$: GraphQLSocket['subscribe$'];
  declare readonly query$: GraphQLSocket['query$'];
  declare readonly mutate$: GraphQLSocket['mutate$'];
  declare readonly execute$: GraphQLSocket['execute$'];
  declare readonly payload$: GraphQLSocket['payload$'];
  declare readonly connection$: GraphQLSocket['connection$'];
  declare readonly status$: GraphQLSocket['status$'];
  declare readonly events$: GraphQLSocket['events$'];
  declare readonly close: GraphQLSocket['close'];
  declare readonly [Symbol.dispose]: GraphQLSocket['close'];

  readonly #server = createTestingServer();
  readonly #expectations: Expectations;
  #status: SocketStatus = { state: 'idle', since: 0 };

  /** @throws ConfigurationError - an option that is unknown or wrong */
  // with a default: an injector makes an undecorated class only if it wants no parameters
  constructor(config: Partial<GraphQLSocketConfig> = {}) {
    const server = this.#server;
    const socket = graphqlSocket(socketConfig(config, server));
    // eslint-disable-next-line rxjs-x/no-ignored-error -- it never errors
    socket.status$.subscribe((status) => {
      this.#status = status;
    });
    this.#expectations = createExpectations(server, config, () => this.#status);
    // its members need no `this`, and may be passed around
    Object.assign(this, socket);
  }

  /**
   * Takes the one operation that matches. What was taken is not seen again, nor what was lost with its connection.
   *
   * @param description - of what is expected, for the message; by default the matcher
   * @throws Error - there is none, or more than one
   */
  expectOne<TData = unknown>(
    matcher: OperationMatcher<TData>,
    description?: string,
  ): TestOperation<TData> {
    return this.#expectations.expectOne(matcher, description);
  }

  /** Takes all operations that match, in the order in which they were sent. */
  match<TData = unknown>(matcher: OperationMatcher<TData>): readonly TestOperation<TData>[] {
    return this.#expectations.match(matcher);
  }

  /**
   * Asserts that no operation matches, but for those that were taken.
   *
   * @param description - as for `expectOne`
   * @throws Error - there are some
   */
  expectNone(matcher: OperationMatcher, description?: string): void {
    this.#expectations.expectNone(matcher, description);
  }

  /**
   * Asserts that nothing is left: no operation that was sent and not taken, and none that is open at the server.
   *
   * @throws Error - there are some; the message lists them
   */
  verify({ ignoreOpen = false }: VerifyOptions = {}): void {
    this.#expectations.verify(ignoreOpen);
  }

  /**
   * Loses the connection: `status$` is `waiting`, and nothing connects until `reconnect()`. A code that is final ends the streams:
   * 4429, say, or 4401 where the credentials are constants.
   *
   * @throws Error - it is down already
   */
  disconnect({ code = 1006, reason = '' }: DisconnectOptions = {}): void {
    if (this.#server.isDown)
      throw new Error('disconnect(): the connection is down already; reconnect() comes first');
    this.#server.disconnect(code, reason);
  }

  /**
   * Brings the connection back. Operations are sent again, under fresh ids, and are expected again.
   *
   * @throws Error - it is up
   */
  reconnect(): void {
    if (this.#status.state === 'connected')
      throw new Error('reconnect(): the connection is up; disconnect() comes first');
    this.#server.reconnect();
  }
}
