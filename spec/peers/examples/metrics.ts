import { metrics } from '@opentelemetry/api';
import type { GraphQLSocket } from 'rx-graphql-ws';
import type { Gap } from 'rx-graphql-ws/recovery';
import { isGap } from 'rx-graphql-ws/recovery';
import type { MonoTypeOperatorFunction, Subscription } from 'rxjs';
import { merge, tap } from 'rxjs';

const meter = metrics.getMeter('rx-graphql-ws');
const connections = meter.createUpDownCounter('graphql.client.connections');
const losses = meter.createCounter('graphql.client.losses');
const frames = meter.createCounter('graphql.client.frames');
const firstResult = meter.createHistogram('graphql.client.first_result', { unit: 'ms' });
const pings = meter.createHistogram('graphql.client.ping', { unit: 'ms' });
const gaps = meter.createCounter('graphql.client.gaps');

/** Counts what a socket object does. Unsubscribe to stop. */
export function measure(socket: GraphQLSocket): Subscription {
  /** The connection, the id, and the time of each operation without a result. */
  const waiting = new Map<string, number>();
  let isConnected = false;
  const connected = (is: boolean) => {
    if (is !== isConnected) connections.add(is ? 1 : -1);
    isConnected = is;
  };
  const status$ = socket.status$.pipe(
    tap((status) => {
      connected(status.state === 'connected');
      if (status.state === 'waiting' || status.state === 'failed')
        losses.add(1, { error: status.error.name, state: status.state });
    }),
  );
  const events$ = socket.events$.pipe(
    tap((event) => {
      if (event.type === 'pong' && event.latency !== undefined) pings.record(event.latency);
      if (event.type === 'closed') waiting.clear();
      if (event.type !== 'sent' && event.type !== 'received') return;
      const { message, at } = event;
      frames.add(1, { direction: event.type, type: message.type });
      const id = 'id' in message ? message.id : undefined;
      if (id === undefined) return;
      const sentAt = waiting.get(id);
      if (message.type === 'subscribe') waiting.set(id, at);
      else waiting.delete(id);
      if (message.type === 'next' && sentAt !== undefined) firstResult.record(at - sentAt);
    }),
  );
  const running = merge(status$, events$).subscribe();
  running.add(() => {
    connected(false);
  });
  return running;
}

/** Counts the gaps of a stream that `recover` gives. */
export const countGaps = <T>(stream: string): MonoTypeOperatorFunction<T | Gap> =>
  tap((row) => {
    if (isGap(row)) gaps.add(1, { stream, failed: row.error !== undefined });
  });
