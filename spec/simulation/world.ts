import {
  type GraphQLSocket,
  graphqlSocket,
  type WebSocketConstructor,
  type WebSocketLike,
} from 'rx-graphql-ws';
import { config, type Observable, type Subscription, take } from 'rxjs';
import { type FakePeer, fakeSocket, type SentMessage } from 'rx-graphql-ws/testing';
import type { Clock } from './clock.js';
import { isAudible, isLive, type Line } from './line.js';
import { createModel, type Model, type Report } from './model.js';
import type { Page } from './page.js';
import { type Settings, toConfig } from './settings.js';
import { type Kind, type Manner, type Operation, routedOn } from './operation.js';
import { foretell, type Said } from './foretell.js';
import { garbled } from './verdict.js';

/** The other end of every socket. */
interface Server {
  /** Results that were sent for nobody. */
  readonly orphans: number;
  /** The socket that there is, from dial to end; not one that the server has ended. */
  line(): Line | undefined;
  dialled(line: Line): void;
  heard(line: Line, message: SentMessage): void;
  open(line: Line, subprotocol?: string): void;
  /** Sends frames in one chunk, each with what it must lead to. */
  say(line: Line, ...frames: readonly Said[]): void;
  /** The type of a message in the socket's protocol. */
  name(line: Line, type: 'next' | 'beat'): string;
  close(line: Line, code: number, reason?: string): void;
  /** From now on it answers by itself, and beats. */
  recover(): void;
}

/** ms that a server takes that answers by itself, and between its heartbeats once it has recovered. */
const answering = 5;
const beating = 5_000;

/** ms after which an operation that was sent is no suspect. */
const suspicious = 5_000;

/** These say nothing of a message. */
const innocent = [
  1000, 1001, 1005, 1010, 1012, 1013, 1014, 1015, 4401, 4403, 4406, 4408, 4409, 4429,
];

const strikes = [1002, 1003, 1007, 1008, 1009, 4400, 4500, garbled];

function createServer(
  settings: Settings,
  model: Model,
  clock: Clock,
  report: Report,
  note: (text: string) => void,
): Server {
  let { prompt } = settings;
  let beats = false;
  let orphans = 0;
  /** A frame within a frame: the client answers one, and the server that. */
  let depth = 0;

  const one = (line: Line, said: Said) => {
    if (!isAudible(line)) return;
    note(
      `socket ${line.peer.attempt}: server says ${typeof said === 'string' ? said : JSON.stringify(said)}`,
    );
    line.heardAt = clock.elapsed();
    const before = line.fault;
    if (foretell(line, said, settings, clock.elapsed(), model.judge) === 'orphan') orphans += 1;
    if (line.fault === 'malformed' && before !== line.fault) model.judge.struck(clock.elapsed());
    depth += 1;
    line.peer.send(said);
    depth -= 1;
    if (depth > 0) return;
    for (const { key, expected, over } of model.operations) {
      if (expected.length > 0 && !over)
        report(4, `operation ${key} was not told "${expected.join(', ')}"`);
    }
    if (line.fault !== undefined && isLive(line))
      report(8, `not closed over a ${line.fault} frame`);
  };
  const name = ({ peer }: Line, type: 'next' | 'beat') => {
    const legacy = peer.subprotocol === 'graphql-ws';
    if (type === 'next') return legacy ? 'data' : 'next';
    return legacy ? 'ka' : 'pong';
  };
  const say = (line: Line, ...frames: readonly Said[]) => {
    for (const frame of frames) one(line, frame);
  };
  const open = (
    line: Line,
    subprotocol = line.peer.offered.includes(settings.protocol)
      ? settings.protocol
      : line.peer.offered[0],
  ) => {
    if (line.raw.readyState !== 0 || line.endedWith !== undefined) return;
    note(`socket ${line.peer.attempt}: server opens with ${String(subprotocol)}`);
    line.openedAt = line.heardAt = clock.elapsed();
    line.peer.open(subprotocol);
  };
  const beat = (line: Line) => {
    clock.later(beating, () => {
      if (!isLive(line)) return;
      if (line.ackedAt !== undefined) say(line, { type: name(line, 'beat') });
      beat(line);
    });
  };
  const server: Server = {
    get orphans() {
      return orphans;
    },
    line() {
      const line = model.lines.at(-1);
      return line && isLive(line) && line.endedWith === undefined ? line : undefined;
    },
    dialled(line) {
      if (!prompt) return;
      clock.later(answering, () => {
        open(line);
      });
      if (beats) beat(line);
    },
    heard(line, { type }) {
      if (type === 'ping' && line.closesAtPing !== undefined) server.close(line, line.closesAtPing);
      else if (type === 'ping') say(line, { type: 'pong' });
      if (type !== 'connection_init' || !prompt) return;
      clock.later(answering, () => {
        if (line.ackedAt === undefined) say(line, { type: 'connection_ack' });
      });
    },
    open,
    say,
    name,
    close(line, code, reason = '') {
      if (!isLive(line) || line.endedWith !== undefined) return;
      note(`socket ${line.peer.attempt}: closed with ${code}`);
      line.endedWith = code;
      if (strikes.includes(code)) model.judge.struck(clock.elapsed());
      if (!innocent.includes(code)) accuse(line, code, model.operations, clock);
      if (code === garbled)
        line.peer.fail(Object.assign(new Error(), { code: 'WS_ERR_INVALID_UTF8' }));
      else line.peer.close(code, reason);
    },
    recover() {
      prompt = beats = true;
      const line = model.lines.at(-1);
      if (line && isLive(line)) beat(line);
    },
  };
  return server;
}

/**
 * Of what was sent in the last 5 s and not answered one may be the reason, so that all come under suspicion. A single one is it, if the server says
 * that it stumbled over a message, nobody who may have been it has left, and no search is on. The library measures by the clock: where it has
 * jumped since, any of them may come under suspicion, and none for certain.
 */
function accuse(line: Line, code: number, all: readonly Operation[], clock: Clock): void {
  const now = clock.elapsed();
  const sent = [...line.operations.values()].filter(({ route }) => route?.line === line);
  const jumped = sent.some(({ sentAt }) => sentAt <= clock.jumpedAt());
  const recent = sent.filter(
    ({ heardOf, sentAt }) => !heardOf && (jumped || now - sentAt <= suspicious),
  );
  const suspects = recent.filter((operation) => routedOn(operation, line));
  const [only] = suspects;
  // a close behind a ping without an answer is nobody's
  const isOverPing = line.pings > 0 && (line.silent || line.closesAtPing !== undefined);
  const isRefusal = (code === 4400 || code === 4500) && !isOverPing;
  if (isRefusal && only && recent.length === 1 && !jumped && !all.some(({ patient }) => patient)) {
    only.blamed = now - only.sentAt < suspicious;
  }
  line.suspects = recent.length;
  for (const operation of suspects) operation.patient = true;
}

/** Beyond that many in a run nobody subscribes any more: consumers that subscribe to another would never end. */
const most = 100;

type Consumers = ReturnType<typeof createConsumers>;

/** Those who subscribe. `dispose` is `close()` of the socket object. */
function createConsumers(socket: GraphQLSocket, model: Model, did: (text: string) => void) {
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

interface NetworkEvents {
  dialled(line: Line): void;
  heard(line: Line, message: SentMessage): void;
}

/** The fake sockets of one run, each with its line. Pings are answered at once, unless the peer is silent. */
function createNetwork(
  { ws }: Settings,
  now: () => number,
  events: NetworkEvents,
): WebSocketConstructor {
  const lines = new Map<FakePeer, Line>();
  const received = (message: SentMessage, peer: FakePeer) => {
    const line = lines.get(peer);
    if (line) events.heard(line, message);
  };
  const fake = fakeSocket({ ws, received, answerPings: false });
  const dial = function (url: string, offered?: string[], options?: unknown) {
    const raw: WebSocketLike & { ping?: () => void } = new fake(url, offered, options);
    const { peer } = fake;
    const line = createLine(peer, raw, now());
    lines.set(peer, line);
    if (ws) {
      raw.ping = () => {
        if (line.silent || line.endedWith !== undefined) return;
        line.heardAt = now();
        peer.emit('pong');
      };
    }
    events.dialled(line);
    return raw;
  };
  return dial as unknown as WebSocketConstructor;
}

function createLine(peer: FakePeer, raw: WebSocketLike, dialledAt: number): Line {
  return {
    peer,
    raw,
    dialledAt,
    openedAt: undefined,
    ackedAt: undefined,
    heardAt: dialledAt,
    pings: 0,
    proven: false,
    silent: false,
    closesAtPing: undefined,
    endedWith: undefined,
    fault: undefined,
    operations: new Map(),
    stops: new Set(),
    late: new Set(),
    useful: false,
    wokenAt: undefined,
    initialisedAt: undefined,
    suspects: 0,
    strayErrors: 0,
    lastKey: -1,
  };
}

/** The library, its consumers and its server, in virtual time. */
export interface World {
  readonly settings: Settings;
  readonly socket: GraphQLSocket;
  readonly consumers: Consumers;
  readonly server: Server;
  readonly clock: Clock;
  readonly page: Page;
  /** Whether the library can know of the page. */
  readonly hasPage: boolean;
  /** What the library has done so far: anything at all. */
  readonly deeds: number;
  /** Results for nobody, as `events$` told of them. */
  readonly orphans: number;
  /** What rxjs found unhandled. */
  readonly unhandled: readonly unknown[];
  readonly statusCompleted: boolean;
  readonly violations: readonly string[];
  report(invariant: number, text: string): void;
  /** What happened, one line each; only when a failure is shown. */
  note(text: string): void;
}

/** Of all runs, each after the other. */
export interface Surroundings {
  readonly clock: Clock;
  readonly page: Page;
}

export function createWorld(
  settings: Settings,
  { clock, page }: Surroundings,
  note: (text: string) => void,
): { readonly model: Model; readonly real: World } {
  const violations: string[] = [];
  const unhandled: unknown[] = [];
  const counts = { deeds: 0, orphans: 0, completed: false };
  const report = (invariant: number, text: string) => {
    violations.push(`invariant ${invariant}: ${text}`);
    note(`✗ invariant ${invariant}: ${text}`);
  };
  const did = (text: string) => {
    counts.deeds += 1;
    note(text);
  };
  const model = createModel(settings, clock.elapsed, report);
  const number = (line: Line) => line.peer.attempt;
  const impl = createNetwork(settings, clock.elapsed, {
    dialled(line) {
      did(`socket ${number(line)}: dialled, offering ${line.peer.offered.join(', ')}`);
      model.dialled(line);
      server.dialled(line);
    },
    heard(line, message) {
      did(`socket ${number(line)}: client says ${JSON.stringify(message)}`);
      model.heard(line, message);
      server.heard(line, message);
    },
  });
  const server = createServer(settings, model, clock, report, note);
  page.install(!settings.ws);
  const socket = graphqlSocket(toConfig(settings, impl));
  const consumers = createConsumers(socket, model, did);
  config.onUnhandledError = (error) => {
    unhandled.push(error);
  };
  socket.status$.subscribe({
    next(status) {
      const why = 'error' in status ? `: ${String(status.error)}` : '';
      did(`status ${status.state}${why}`);
      model.entered(status);
    },
    complete() {
      counts.completed = true;
      note('status$ completes');
    },
  });
  socket.events$.subscribe(({ type }) => {
    if (type === 'orphaned') counts.orphans += 1;
  });
  const real: World = {
    settings,
    socket,
    consumers,
    server,
    clock,
    page,
    hasPage: !settings.ws,
    unhandled,
    violations,
    report,
    note,
    get deeds() {
      return counts.deeds;
    },
    get orphans() {
      return counts.orphans;
    },
    get statusCompleted() {
      return counts.completed;
    },
  };
  return { model, real };
}
