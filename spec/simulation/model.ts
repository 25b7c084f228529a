import type { SocketStatus } from 'rx-graphql-ws';
import type { SentMessage } from 'rx-graphql-ws/testing';
import { hasHappened } from './explain.js';
import type { Line } from './line.js';
import { isKnownDead, isLive } from './line.js';
import type { Operation } from './operation.js';
import type { Settings } from './settings.js';
import { isRenewal, wrongStep } from './status-graph.js';
import { createJudge, type Judge } from './verdict.js';
import { createWire } from './wire.js';

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
