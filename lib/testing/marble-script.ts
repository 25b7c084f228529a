import type { ObservableNotification } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { FakePeer } from './fake-peer.js';
import { alphabet, type Act, knownMarbles } from './marble-alphabet.js';
import type { MarbleValue, MarbleValues } from './marble-value.js';
import { show } from './show.js';

/** One thing that the server does. */
export interface MarbleStep {
  /** ms from the dial. */
  readonly frame: number;
  readonly marble: string;
  run(peer: FakePeer): void;
}

/**
 * Reads the script of one attempt.
 *
 * @param where - the attempt, for messages
 * @throws Error - an unknown marble, or marbles after the end of the socket
 */
export function readScript(
  script: string,
  values: MarbleValues,
  where: string,
): readonly MarbleStep[] {
  if (typeof (script as unknown) !== 'string')
    throw new TypeError(`${where}: expected a script, got ${show(script)}`);
  const complain = (what: string) => new Error(`${where}, "${script}": ${what}`);
  const steps = parse(script, complain).map(({ frame, marble }) => {
    const act = actOf(marble, values);
    if (!act) {
      const keys = Object.keys(values).join(' ') || 'there are none';
      throw complain(
        `unknown marble "${marble}" at ${frame} ms; known are ${knownMarbles} (${keys})`,
      );
    }
    return { frame, marble, run: act };
  });
  const end = steps.findIndex(({ marble }) => '|#x'.includes(marble));
  const after = steps[end + 1];
  if (end >= 0 && after)
    throw complain(`"${after.marble}" at ${after.frame} ms comes after the end of the socket`);
  return steps;
}

function parse(script: string, complain: (what: string) => Error) {
  try {
    return TestScheduler.parseMarbles(script, undefined, undefined, undefined, true).map(
      ({ frame, notification }) => ({ frame, marble: marbleOf(notification) }),
    );
  } catch (error) {
    throw complain((error as Error).message);
  }
}

function marbleOf(notification: ObservableNotification<unknown>): string {
  if (notification.kind === 'N') return String(notification.value);
  return notification.kind === 'C' ? '|' : '#';
}

function actOf(marble: string, values: MarbleValues): Act | undefined {
  const number = /^[1-9]$/.test(marble) ? Number(marble) : undefined;
  if (Object.hasOwn(values, marble)) return actFor(values[marble] as MarbleValue, number ?? 1);
  // the digit as data: what is expected reads like the script
  return number === undefined
    ? alphabet.get(marble)
    : (peer) => {
        peer.next(number, marble);
      };
}

function actFor(value: MarbleValue, first: number): Act {
  if ('frame' in value)
    return (peer) => {
      peer.send(value.frame);
    };
  if ('open' in value)
    return (peer) => {
      peer.open(value.open);
    };
  if ('close' in value) {
    const { code, reason } =
      typeof value.close === 'number' ? { code: value.close, reason: '' } : value.close;
    return (peer) => {
      peer.close(code, reason);
    };
  }
  const { operation = first, ...what } = value;
  if ('error' in what)
    return (peer) => {
      peer.error(operation, what.error);
    };
  if ('complete' in what)
    return (peer) => {
      peer.complete(operation);
    };
  return (peer) => {
    peer.result(operation, what);
  };
}
