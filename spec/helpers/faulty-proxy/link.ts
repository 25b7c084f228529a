import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { drained } from '../net/drained.js';
import type { Grip, Stage, Toxic, Write } from './toxic.js';

/** One direction of one connection. */
export interface Link {
  /** Aborted when the connection is over. */
  readonly over: AbortSignal;
  /** Bytes that came and did not go yet. */
  readonly held: number;
  /** Lets a toxic work on it until the signal. */
  meet(toxic: Toxic, removed: AbortSignal): void;
}

/** How a connection ends in both directions. */
export type Ends = Pick<Grip, 'finish' | 'reset'> & { readonly over: AbortSignal };

/** Bytes that wait before the source is paused: a latency needs some, and a proxy must not need memory without end. */
const room = 256 * 1024;

/** Node takes a longer time, `Infinity` included, for 1 ms. */
const longest = 2 ** 31 - 1;

/** Carries what `source` says to `sink`, in order, through the toxics that it met. */
export function createLink(
  source: Socket,
  sink: Socket,
  random: () => number,
  { over, ...ends }: Ends,
): Link {
  const stages = new Set<Stage>();
  const waiting: { readonly bytes: Buffer; readonly at: number }[] = [];
  let held = 0;
  let severed = false;
  let ended = false;
  let carrying = false;

  const write: Write = async (bytes) => {
    if (severed || !sink.writable || sink.write(bytes)) return;
    await drained(sink);
  };
  const through = (bytes: Buffer, at: number, [stage, ...rest]: readonly Stage[]): Promise<void> =>
    stage
      ? (stage.pass?.(bytes, (part) => through(part, at, rest), at) ?? through(bytes, at, rest))
      : write(bytes);
  const carry = async () => {
    if (carrying) return;
    carrying = true;
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      if (!severed) await through(next.bytes, next.at, [...stages]);
      held -= next.bytes.length;
      if (held < room) source.resume();
    }
    carrying = false;
    if (!ended) return;
    for (const { hold } of [...stages]) await hold?.();
    if (!severed) sink.end();
  };
  source.on('data', (bytes) => {
    waiting.push({ bytes, at: performance.now() });
    held += bytes.length;
    if (held >= room) source.pause();
    void carry();
  });
  source.on('end', () => {
    ended = true;
    void carry();
  });
  // without an end before it: the other side was reset
  source.on('error', () => {
    if (!severed) sink.resetAndDestroy();
  });

  return {
    over,
    get held() {
      return held + sink.writableLength;
    },
    meet(toxic, removed) {
      const released = AbortSignal.any([removed, over]);
      const stage = toxic({
        ...ends,
        random,
        // it rejects when it is aborted, and for no other reason
        wait: (ms) => delay(Math.min(ms, longest), undefined, { signal: released }).catch(() => {}),
        get released() {
          return released.aborted;
        },
        sever: () => {
          severed = true;
        },
      });
      stages.add(stage);
      removed.addEventListener('abort', () => stages.delete(stage), { signal: over });
    },
  };
}
