import type { SocketStatus } from 'rx-graphql-ws';

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
export function isRenewal(from: SocketStatus, to: SocketStatus, renewed: boolean): boolean {
  const isFirst = to.state === 'connecting' && to.attempt === 0;
  return renewed && isFirst && ['connecting', 'connected', 'waiting'].includes(from.state);
}

/**
 * What is wrong with a step of `status$`; undefined when nothing is.
 *
 * @param renewed - whether `reconnect()` was called
 */
export function wrongStep(
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
