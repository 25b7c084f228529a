import type {
  GraphQLSocket,
  GraphQLSocketConfig,
  ReconnectOptions,
  SocketStatus,
} from 'rx-graphql-ws';
import { graphqlSocket } from 'rx-graphql-ws';
import { firstValueFrom, timer } from 'rxjs';
import { createExpectations, type Expectations } from './controller/expectations.js';
import { followShared } from './controller/lingering.js';
import type { OperationMatcher } from './controller/operation-matcher.js';
import type { TestOperation } from './controller/test-operation.js';
import { createTestingServer } from './controller/testing-server.js';

/** The end of the connection. */
export interface DisconnectOptions {
  /** The close code. @defaultValue `1006`: the connection breaks without a close frame */
  readonly code?: number | undefined;
  /** The reason in the close frame. @defaultValue `''` */
  readonly reason?: string | undefined;
}

/** Options of `verify()`. */
export interface VerifyOptions {
  /** Whether taken operations may be open. @defaultValue `false` */
  readonly ignoreOpen?: boolean | undefined;
}

/**
 * A `GraphQLSocket` for tests of units that use one: a real socket object without a network. The test is the server: it expects and answers
 * each operation. Each answer has reached the unit when the call returns.
 *
 * The controller connects by itself. You can give it the configuration of the application: it turns off timeouts, pings and the backoff,
 * and replaces `webSocketImpl` and `codecs`. It is a class, so that it can be an injection token.
 * @example
 * ```ts
 * const controller = new GraphQLSocketTestingController();
 * const ticker = new Ticker(controller);
 * controller.expectOne({ operationName: 'Price', variables: { symbol: 'SOL' } }).next({ price: 7 });
 * expect(ticker.price).to.equal(7);
 * ticker.destroy();
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
  readonly #renew: GraphQLSocket['reconnect'];
  #status: SocketStatus = { state: 'idle', since: 0 };

  /** @throws ConfigurationError - an option is unknown or wrong */
  // with a default, because an injector makes an undecorated class only without parameters
  constructor(config: Partial<GraphQLSocketConfig> = {}) {
    const server = this.#server;
    const socket = graphqlSocket(server.configure(config));
    // eslint-disable-next-line rxjs-x/no-ignored-error -- it never errors
    socket.status$.subscribe((status) => (this.#status = status));
    const { subscribe$, lingerOf } = followShared(socket.subscribe$, config);
    this.#expectations = createExpectations(server, config, () => this.#status, lingerOf);
    const { reconnect, ...members } = socket;
    this.#renew = reconnect;
    // its members need no `this`, so that a unit can pass them around
    Object.assign(this, members, { subscribe$, reconnect: this.reconnect.bind(this) });
  }

  /**
   * Takes the only operation that matches. Taken operations, and those lost with their connection, match nothing again.
   * @param description - the expected operation, for the message; default: the matcher
   * @throws Error - no operation matches, or more than one
   */
  expectOne<TData = unknown>(
    matcher: OperationMatcher<TData>,
    description?: string,
  ): TestOperation<TData> {
    return this.#expectations.expectOne(matcher, description);
  }

  /** Takes all operations that match, in the order of the client. */
  match<TData = unknown>(matcher: OperationMatcher<TData>): readonly TestOperation<TData>[] {
    return this.#expectations.match(matcher);
  }

  /** Asserts that no operation matches, except taken ones. `description` is as for `expectOne`. @throws Error - an operation matches */
  expectNone(matcher: OperationMatcher, description?: string): void {
    this.#expectations.expectNone(matcher, description);
  }

  /**
   * Asserts that the test has taken all operations, and that none is open at the server. An operation of `share` is open until its `linger`
   * has passed: see `verified()`.
   * @throws Error - operations are left; the message lists them
   */
  verify({ ignoreOpen = false }: VerifyOptions = {}): void {
    this.#expectations.verify(ignoreOpen);
  }

  /**
   * Waits until `share` has stopped the operations whose subscribers have all left, `linger` ms after the last one, and then does what
   * `verify()` does. It uses one timer of rxjs, so fake timers and virtual time control it.
   * @throws Error - as `verify()`
   */
  async verified(options?: VerifyOptions): Promise<void> {
    const wait = this.#expectations.lingersFor();
    if (wait !== undefined) await firstValueFrom(timer(wait));
    this.verify(options);
  }

  /**
   * Ends the connection: `status$` is `waiting`, and nothing connects until `reconnect()`. A final code ends the streams, for example 4429,
   * or 4401 if the credentials are constants.
   * @throws Error - the connection is down already
   */
  disconnect({ code = 1006, reason = '' }: DisconnectOptions = {}): void {
    if (this.#server.isDown())
      throw new Error('disconnect(): the connection is down already; reconnect() comes first');
    this.#server.disconnect(code, reason);
  }

  /**
   * Restores the connection after `disconnect()`, whoever calls it; else it is the `reconnect()` of a socket object. Either way the client sends
   * its operations again with new ids and fresh variables, and the test expects them again.
   * @throws ConfigurationError - a code or a reason that a close frame cannot carry
   */
  reconnect(options?: ReconnectOptions): void {
    if (this.#server.isDown()) this.#server.reconnect();
    else this.#renew(options);
  }
}
