import type {
  GraphQLSocket,
  GraphQLSocketConfig,
  ReconnectOptions,
  SocketStatus,
} from 'rx-graphql-ws';
import { graphqlSocket } from 'rx-graphql-ws';
import { firstValueFrom, timer } from 'rxjs';
import { followShared, type SharedSubscribers } from './controller/lingering.js';
import { type OperationMatcher, readMatcher } from './controller/operation-matcher.js';
import { complain, explainMany, explainNone, listFound, reasonOf } from './controller/reports.js';
import type { HeldOperation, TestOperation } from './controller/test-operation.js';
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
  readonly #config: Partial<GraphQLSocketConfig>;
  readonly #lingerOf: SharedSubscribers['lingerOf'];
  readonly #taken = new Set<HeldOperation>();
  readonly #renew: GraphQLSocket['reconnect'];
  #status: SocketStatus = { state: 'idle', since: 0 };

  /** @throws ConfigurationError - an option is unknown or wrong */
  // with a default, because an injector makes an undecorated class only without parameters
  constructor(config: Partial<GraphQLSocketConfig> = {}) {
    const socket = graphqlSocket(this.#server.configure(config));
    // eslint-disable-next-line rxjs-x/no-ignored-error -- it never errors
    socket.status$.subscribe((status) => (this.#status = status));
    const { subscribe$, lingerOf } = followShared(socket.subscribe$, config);
    this.#config = config;
    this.#lingerOf = lingerOf;
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
    const { text, found } = this.#find(matcher);
    if (found.length === 1) return this.#take(found[0] as HeldOperation);
    const reason = reasonOf(this.#status, this.#server.isDown());
    const none = () => explainNone(this.#untaken(), this.#open(), reason);
    const what = found.length > 0 ? explainMany(found) : `none; ${none()}`;
    throw new Error(`expected one operation that matches ${description ?? text}, found ${what}`);
  }

  /** Takes all operations that match, in the order of the client. */
  match<TData = unknown>(matcher: OperationMatcher<TData>): readonly TestOperation<TData>[] {
    return this.#find(matcher).found.map((held) => this.#take(held));
  }

  /** Asserts that no operation matches, except taken ones. `description` is as for `expectOne`. @throws Error - an operation matches */
  expectNone(matcher: OperationMatcher, description?: string): void {
    const { text, found } = this.#find(matcher);
    if (found.length === 0) return;
    const expected = `expected no operation that matches ${description ?? text}`;
    throw new Error(`${expected}, found ${listFound(found)}`);
  }

  /**
   * Asserts that the test has taken all operations, and that none is open at the server. An operation of `share` is open until its `linger`
   * has passed: see `verified()`.
   * @throws Error - operations are left; the message lists them
   */
  verify({ ignoreOpen = false }: VerifyOptions = {}): void {
    this.#server.accept();
    const open = ignoreOpen ? [] : this.#open();
    const kept = open.filter((held) => this.#lingerOf(held) !== undefined);
    const left = open.filter((held) => !kept.includes(held));
    const complaints = complain(this.#untaken(), left, kept);
    if (complaints !== '') throw new Error(`verify(): ${complaints}`);
  }

  /**
   * Waits until `share` has stopped the operations whose subscribers have all left, `linger` ms after the last one, and then does what
   * `verify()` does. It uses one timer of rxjs, so fake timers and virtual time control it.
   * @throws Error - as `verify()`
   */
  async verified(options?: VerifyOptions): Promise<void> {
    const waits = this.#open().flatMap((held) => this.#lingerOf(held) ?? []);
    if (waits.length > 0) await firstValueFrom(timer(Math.max(...waits)));
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

  #find(matcher: OperationMatcher) {
    const { text, matches } = readMatcher(matcher, this.#config);
    this.#server.accept();
    const found = this.#untaken().filter(({ operation, head }) => matches(operation.request, head));
    return { text, found };
  }

  #take(held: HeldOperation): TestOperation {
    this.#taken.add(held);
    return held.operation;
  }

  #untaken(): readonly HeldOperation[] {
    // the client sends lost operations again
    const { operations } = this.#server;
    return operations.filter((held) => !this.#taken.has(held) && held.state !== 'lost');
  }

  #open(): readonly HeldOperation[] {
    const { operations } = this.#server;
    return operations.filter((held) => this.#taken.has(held) && held.state === 'open');
  }
}
