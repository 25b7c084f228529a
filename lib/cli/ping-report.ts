import type { SocketEvent } from 'rx-graphql-ws';
import { formatJson } from './format-result.js';

/** The result of `ping`. Times are ms. */
export interface PingReport {
  subprotocol: string | null;
  ack: unknown;
  /** From the dial to the ack. */
  connectMs: number | null;
  pings: { sent: number; answered: number };
  latencyMs: Readonly<Record<'p50' | 'p90' | 'p99' | 'max', number>> | null;
  /** Pings, `ka` and pongs that the server sends by itself, and the time between two of them. */
  heartbeats: { received: number; everyMs: number | null };
}

type Handshake = Pick<PingReport, 'subprotocol' | 'ack' | 'connectMs'>;
type Beat = Extract<SocketEvent, { type: 'ping' | 'pong' }>;

/** Collects the events of one connection into a report. */
export function createPingReport(now: () => number) {
  const begun = now();
  const handshake: Handshake = { subprotocol: null, ack: null, connectMs: null };
  const latencies: number[] = [];
  const heartbeats: number[] = [];
  let [sent, pingedAt] = [0, 0];
  const onBeat = (event: Beat) => {
    if (event.direction === 'received') {
      if (isAnswer(event)) latencies.push(now() - pingedAt);
      else heartbeats.push(now());
    } else if (event.type === 'ping') {
      sent += 1;
      pingedAt = now();
    }
  };
  return {
    /** The number of pings that the server has answered. */
    answered: () => latencies.length,
    onEvent(event: SocketEvent) {
      if (event.type === 'ping' || event.type === 'pong') onBeat(event);
      if (event.type === 'opened') handshake.subprotocol = event.subprotocol;
      if (event.type !== 'acknowledged') return;
      handshake.ack = event.payload ?? null;
      handshake.connectMs = round(now() - begun);
    },
    finish: (): PingReport => ({
      ...handshake,
      pings: { sent, answered: latencies.length },
      latencyMs: latencies.length > 0 ? spreadOf(latencies) : null,
      heartbeats: { received: heartbeats.length, everyMs: averageGap(heartbeats) },
    }),
  };
}

function isAnswer(event: Beat): boolean {
  return event.type === 'pong' && event.latency !== undefined;
}

/** For each share the latency that so many of the answers did not exceed. */
function spreadOf(latencies: readonly number[]): NonNullable<PingReport['latencyMs']> {
  const sorted = [...latencies].sort((a, b) => a - b);
  const of = (share: number) => round(sorted[Math.ceil(share * sorted.length) - 1] as number);
  return { p50: of(0.5), p90: of(0.9), p99: of(0.99), max: of(1) };
}

/** The time between two of these times; `null` if there are no two. */
function averageGap(times: readonly number[]): number | null {
  const gaps = times.length - 1;
  return gaps > 0 ? round(((times[gaps] as number) - (times[0] as number)) / gaps) : null;
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}

/** Writes a report for people. */
export function describeReport(report: PingReport): string {
  const { subprotocol, ack, connectMs, pings, latencyMs, heartbeats } = report;
  const latency = Object.entries(latencyMs ?? {}).map(([name, ms]) => `${name} ${ms} ms`);
  const every = heartbeats.everyMs === null ? '' : `, every ${heartbeats.everyMs} ms`;
  return [
    `subprotocol  ${subprotocol ?? 'none'}`,
    `ack          ${formatJson(ack, false)}`,
    `connected    ${connectMs === null ? 'never' : `in ${connectMs} ms`}`,
    `pings        ${pings.answered} of ${pings.sent} answered`,
    `latency      ${latency.join(', ') || 'unknown'}`,
    `heartbeats   ${heartbeats.received}${every}`,
  ].join('\n');
}
