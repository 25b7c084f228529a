import type { GraphQLSocketError, SocketStatus } from 'rx-graphql-ws';
import type { SentMessage } from 'rx-graphql-ws/testing';
import { isKnownDead, isLive, type Line } from './line.js';
import { type Operation, routedOn } from './operation.js';
import type { Settings } from './settings.js';
import { createJudge, garbled, type Judge } from './verdict.js';

/** Dials at once, and ms for one more; of those that are excused, because the connection before was of use, too. */
const limits = { counted: { burst: 3, period: 1_000 }, excused: { burst: 10, period: 200 } };

/** Counts dials: in any window of t ms there are at most 3 + t / 1000, and 10 + t / 200 that are excused. Times are ms since the run began. */
interface DialCeiling {
  /** Counts one. Returns whether it is allowed. */
  allows(now: number, excused: boolean): boolean;
  /** The clock jumped: the library measures with it, and is allowed another burst. */
  forgive(): void;
}

function createDialCeiling(): DialCeiling {
  const counted = createBucket(limits.counted);
  const excused = createBucket(limits.excused);
  return {
    allows: (now, isExcused) => (isExcused && excused.take(now)) || counted.take(now),
    forgive() {
      counted.fill();
      excused.fill();
    },
  };
}

function createBucket({ burst, period }: { readonly burst: number; readonly period: number }) {
  // in ms, so that nothing is rounded
  let credit = burst * period;
  let last = 0;
  return {
    take(now: number) {
      credit = Math.min(credit + now - last, burst * period);
      last = now;
      if (credit < period) return false;
      credit -= period;
      return true;
    },
    fill() {
      credit = burst * period;
    },
  };
}

/** What the client does on the wire, held against what it should do. */
interface Wire {
  dialled(line: Line): void;
  heard(line: Line, message: SentMessage): void;
  /** The clock jumped. */
  forgive(): void;
}

function createWire(
  lines: Line[],
  operations: readonly Operation[],
  now: () => number,
  report: Report,
): Wire {
  const ceiling = createDialCeiling();
  const ids = new Set<string>();

  const subscribed = (line: Line, id: string, key: number) => {
    const operation = operations[key];
    if (!operation) return;
    const name = `operation ${key} (${operation.kind})`;
    if (ids.has(id)) report(2, `id "${id}" was sent twice`);
    ids.add(id);
    if (line.ackedAt === undefined) report(5, `${name} was sent before the ack`);
    if (operation.over) report(5, `${name} was sent, and is over`);
    if (routedOn(operation, line)) report(5, `${name} was sent twice on one connection`);
    if (operation.kind === 'mutation' && operation.sends > 0) report(13, `${name} was sent again`);
    if (key < line.lastKey && !operation.patient) report(5, `${name} was sent out of turn`);
    line.lastKey = Math.max(line.lastKey, key);
    operation.sends += 1;
    operation.sentAt = now();
    operation.heardOf = false;
    operation.route = { line, id };
    // the close is on its way, and may be taken for the answer
    if (line.endedWith !== undefined) {
      operation.patient = true;
      line.suspects += 1;
    }
    line.operations.set(id, operation);
  };
  const stopped = (line: Line, id: string) => {
    const operation = line.operations.get(id);
    if (line.stops.has(id)) report(5, `an end of "${id}" was sent twice`);
    line.stops.add(id);
    if (line.late.delete(id)) return;
    if (operation?.owed && operation.route?.id === id) operation.owed = false;
    else report(5, `an end of "${id}" was sent that nobody is owed`);
  };

  return {
    forgive: ceiling.forgive,
    dialled(line) {
      const previous = lines.at(-1);
      const [left] = previous?.peer.closes ?? [];
      const excused = previous?.useful === true && left?.code === 1000;
      if (!ceiling.allows(now(), excused)) report(6, 'too many dials');
      if (lines.some(isLive)) report(1, 'dialled while there is a socket');
      lines.push(line);
    },
    heard(line, { type, id, payload }) {
      if (!isLive(line)) report(5, `${String(type)} was sent on a socket that is over`);
      if (type === 'subscribe' || type === 'start') {
        const { variables } = payload as { variables: { key: number } };
        subscribed(line, String(id), variables.key);
      } else if (type === 'complete' || type === 'stop') stopped(line, String(id));
      else if (type === 'ping') line.pings += 1;
      else if (type === 'connection_init') line.initialisedAt = now();
    },
  };
}

type State = SocketStatus['state'];

/**
 * The ways of `status$`. `connected` → `connecting`: somebody subscribed while the last connection was being let go.
 * `idle` and `failed` → `waiting`, attempt 0: a first dial that the dial ceiling holds back; where there is no error to tell it stays `idle`,
 * and is so once more if nobody waits for it. `closed` is the end.
 */
const ways: Readonly<Record<State, readonly State[]>> = {
  idle: ['connecting', 'waiting', 'closed', 'idle'],
  connecting: ['connected', 'waiting', 'failed', 'idle', 'closed'],
  connected: ['waiting', 'failed', 'idle', 'connecting', 'closed'],
  waiting: ['connecting', 'idle', 'failed', 'closed'],
  failed: ['connecting', 'waiting', 'closed'],
  closed: [],
};

/** Whether `reconnect()` may be the reason: a connection, an attempt or a wait is followed by a first attempt. */
function isRenewal(from: SocketStatus, to: SocketStatus, renewed: boolean): boolean {
  const isFirst = to.state === 'connecting' && to.attempt === 0;
  return renewed && isFirst && ['connecting', 'connected', 'waiting'].includes(from.state);
}

/**
 * What is wrong with a step of `status$`; undefined when nothing is.
 *
 * @param renewed - whether `reconnect()` was called
 */
function wrongStep(
  from: SocketStatus | undefined,
  to: SocketStatus,
  renewed: boolean,
): string | undefined {
  if (!from) return to.state === 'idle' ? undefined : `begins with ${to.state}`;
  if (isRenewal(from, to, renewed)) return undefined;
  if (!ways[from.state].includes(to.state)) return `${from.state} → ${to.state}`;
  const first = from.state === 'idle' || from.state === 'failed';
  if (first && to.state === 'waiting' && to.attempt > 0)
    return `${from.state} → retry ${to.attempt}`;
  if (to.state !== 'connecting') return undefined;
  const attempt = from.state === 'waiting' ? from.attempt : 0;
  if (to.attempt === attempt) return undefined;
  return `attempt ${to.attempt} after ${from.state}, not ${attempt}`;
}

const handshakeLimit = 10_000;
/** ms of silence that `keepAliveTimeout: 'auto'` always allows. */
const patience = 10_000;

/** Whether the failure that `status$` tells has happened: no death is imagined. `lines` are the last two dials. */
function hasHappened(
  error: GraphQLSocketError,
  lines: readonly Line[],
  { pongTimeout, keepAliveTimeout }: Settings,
  now: number,
): boolean {
  const line = lines.at(-1);
  if (!line) return false;
  switch (error.name) {
    case 'ConnectionClosedError':
      // after a fallback that fails the first failure is told
      return lines.some(
        ({ endedWith }) =>
          endedWith === error.code || (endedWith === garbled && error.code === 1006),
      );
    case 'ProtocolError':
      return line.fault === 'malformed';
    case 'HandshakeError':
      if (error.kind === 'rejected' && line.endedWith !== undefined)
        return line.ackedAt === undefined;
      if (error.kind !== 'timeout') return line.fault === error.kind;
      return line.ackedAt === undefined && now - (line.openedAt ?? now) >= handshakeLimit;
    case 'SilentDisconnectError': {
      const silence = typeof keepAliveTimeout === 'number' ? keepAliveTimeout : patience;
      return now - line.heardAt >= (error.kind === 'pong' ? pongTimeout : silence);
    }
    case 'ConnectionError':
      if (line.openedAt !== undefined) return false;
      return line.endedWith !== undefined || now - line.dialledAt >= handshakeLimit;
    default:
      return false;
  }
}

/** What the library should do, kept up to date by what it does; each deviation is reported as it happens. */
export interface Model {
  readonly lines: readonly Line[];
  readonly operations: readonly Operation[];
  readonly judge: Judge;
  readonly status: SocketStatus | undefined;
  readonly disposed: boolean;
  /** When the last subscriber left; undefined while there are some. ms since the run began. */
  readonly deserted: number | undefined;
  /** Whether the dial ceiling allows one more for certain: no clock has jumped, by which the library measures. */
  mayDial(): boolean;
  /** Whom the library has to serve. */
  live(): readonly Operation[];
  jumped(now: number): void;
  dialled(line: Line): void;
  heard(line: Line, message: SentMessage): void;
  joined(operation: Operation): void;
  told(operation: Operation, what: string): void;
  leaving(operation: Operation): void;
  entered(status: SocketStatus): void;
  disposing(): void;
  /** The user asks for another connection. */
  renewing(): void;
}

export type Report = (invariant: number, text: string) => void;

export function createModel(settings: Settings, now: () => number, report: Report): Model {
  const lines: Line[] = [];
  const operations: Operation[] = [];
  const judge = createJudge(settings);
  const wire = createWire(lines, operations, now, report);
  let status: SocketStatus | undefined;
  let disposed = false;
  let jumped = false;
  let renewed = false;
  let deserted: number | undefined = 0;

  const live = () => operations.filter(({ over }) => !over);
  const isOver = (operation: Operation) => {
    operation.over = true;
    if (live().length === 0) deserted = now();
  };
  const due = ({ route, answered }: Operation) =>
    route !== undefined && !answered && route.line.raw.readyState === 1;

  const failed = (to: SocketStatus) => {
    if (to.state !== 'waiting' && to.state !== 'failed') return;
    if (to.state === 'waiting' && to.attempt === 0) return;
    const { error } = to;
    if (!hasHappened(error, lines.slice(-2), settings, now())) {
      report(8, `${to.state}: ${String(error)}, which did not happen`);
    }
    const verdict = judge.judge(error, lines, now());
    const expected = to.state === 'failed' ? 'fatal' : 'retry';
    if (verdict !== 'either' && verdict !== expected) {
      report(8, `${to.state} over ${String(error)}, which is ${verdict}`);
    }
    if (to.state === 'failed') for (const operation of live()) operation.condemned = error.name;
  };

  return {
    lines,
    operations,
    judge,
    live,
    mayDial: () => !jumped && lines.filter(({ dialledAt }) => now() - dialledAt < 3_000).length < 3,
    get status() {
      return status;
    },
    get disposed() {
      return disposed;
    },
    get deserted() {
      return deserted;
    },
    jumped(at) {
      jumped = true;
      // of a refusal that is on its way it is not certain any more whom it means
      for (const operation of operations) operation.blamed = false;
      wire.forgive();
      judge.jumped(at);
    },
    dialled(line) {
      if (disposed) report(8, 'dialled after close()');
      if (live().length === 0) report(11, 'dialled for nobody');
      wire.dialled(line);
    },
    heard: wire.heard,
    joined(operation) {
      operations.push(operation);
      if (!disposed) deserted = undefined;
    },
    told(operation, what) {
      const { expected, key } = operation;
      const line = lines.at(-1);
      if (/ConnectionClosedError|ConnectionLostError/.test(what)) judge.found();
      if (line && what.startsWith('next ')) line.useful = true;
      else if (line && what.startsWith('error ')) line.useful = false;
      if (operation.over) report(3, `operation ${key} was told "${what}" when it was over`);
      if (expected[0] === what) expected.shift();
      else if (!mayEnd(operation, what, disposed)) {
        report(4, `operation ${key} was told "${what}", not "${expected[0] ?? 'nothing'}"`);
      }
      if (what.startsWith('next ')) {
        if (operation.manner === 'once') operation.owed = due(operation);
      } else isOver(operation);
    },
    leaving(operation) {
      operation.owed = due(operation);
      operation.expected.length = 0;
      isOver(operation);
    },
    entered(to) {
      const wrong = wrongStep(status, to, renewed);
      if (wrong) report(9, `status$: ${wrong}`);
      if (to.state === 'connected') judge.acked();
      const from = status;
      status = to;
      failed(to);
      if (to.state !== 'connecting' || !from) return;
      if (isRenewal(from, to, renewed)) {
        judge.renewed(from.state === 'connected' ? lines.at(-1) : undefined, now());
      } else if (from.state !== 'waiting' || from.attempt === 0) judge.afresh();
    },
    renewing() {
      renewed = true;
      // the client may leave before it has heard of a close
      for (const operation of operations) operation.blamed = false;
    },
    disposing() {
      disposed = true;
      for (const operation of live()) {
        const { kind, route, answered, expected } = operation;
        operation.owed = due(operation);
        const sent = route !== undefined && !isKnownDead(route.line);
        if (answered) continue;
        if (kind === 'subscription') expected.push('complete');
        else if (kind === 'mutation' && sent) expected.push('error ConnectionLostError');
        else expected.push('error SocketDisposedError');
      }
    },
  };
}

/** Whether it may end so, though nothing that the server said makes it. */
function mayEnd(operation: Operation, what: string, disposed: boolean): boolean {
  const { kind, route, condemned, patient } = operation;
  const lost = route !== undefined && !isLive(route.line);
  if (what === 'error ConnectionLostError') return kind === 'mutation' && lost;
  if (what === 'error ConnectionClosedError' && lost && patient) return true;
  if (disposed && what === 'error SocketDisposedError') return operation.sends === 0;
  return condemned !== undefined && what === `error ${condemned}`;
}
