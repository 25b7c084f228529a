import type { SocketEvent } from 'rx-graphql-ws';
import { formatJson } from './format-result.js';
import { percentile } from './percentile.js';

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

/** Collects the events of one connection into a report. */
export function createPingReport(now: () => number) {
  const begun = now();
  const latencies: number[] = [];
  const heartbeats: number[] = [];
  const report: PingReport = {
    subprotocol: null,
    ack: null,
    connectMs: null,
    pings: { sent: 0, answered: 0 },
    latencyMs: null,
    heartbeats: { received: 0, everyMs: null },
  };
  let pingedAt = 0;
  const onEvent = (event: SocketEvent) => {
    if (event.type === 'opened') report.subprotocol = event.subprotocol;
    if (event.type === 'acknowledged') {
      report.ack = event.payload ?? null;
      report.connectMs = round(now() - begun);
    }
    if (event.type !== 'ping' && event.type !== 'pong') return;
    if (event.direction === 'sent') {
      if (event.type === 'pong') return;
      report.pings.sent += 1;
      pingedAt = now();
    } else if (event.type === 'pong' && event.latency !== undefined) {
      report.pings.answered += 1;
      latencies.push(now() - pingedAt);
    } else heartbeats.push(now());
  };
  return {
    report,
    onEvent,
    finish(): PingReport {
      const of = (share: number) => round(percentile(latencies, share) ?? 0);
      if (latencies.length > 0)
        report.latencyMs = { p50: of(0.5), p90: of(0.9), p99: of(0.99), max: of(1) };
      const received = heartbeats.length;
      const [first = 0, last = 0] = [heartbeats[0], heartbeats.at(-1)];
      const everyMs = received > 1 ? round((last - first) / (received - 1)) : null;
      report.heartbeats = { received, everyMs };
      return report;
    },
  };
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
