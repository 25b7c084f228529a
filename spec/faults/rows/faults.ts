import { skip } from 'rxjs';
import type { LiveOperation } from 'rx-graphql-ws/testing/server';
import type { Corruption } from '../../rig/corruption.js';
import type { DialFault } from '../../rig/dials.js';
import type { Garbage } from '../../rig/garbage.js';
import type { HandshakeFault } from '../../rig/handshakes.js';
import type { Row } from '../row.js';
import type { Stage } from '../stage.js';

/** Acts whenever an operation starts at the server, from now on. Returns what ends it. */
export function onEveryStart(
  { server: { ledger } }: Stage,
  act: (operation: LiveOperation) => void,
): () => void {
  const acting = ledger.entries$.pipe(skip(ledger.entries.length)).subscribe((entry) => {
    if (entry.type === 'started') act(entry);
  });
  return () => acting.unsubscribe();
}

type Expects = Pick<Row, 'expect'>;

export const survives: Expects = { expect: { kind: 'survives' } };
export const tolerates: Expects = { expect: { kind: 'tolerates' } };
/** See `deaf` of an expectation. */
export const survivesDeaf: Expects = { expect: { kind: 'survives', deaf: true } };

export const fails = (name: string, fields: object = {}, dials = 1): Expects => ({
  expect: { kind: 'fails', error: { name, ...fields }, dials },
});

export const endsOne = (name: string, fields: object = {}): Expects => ({
  expect: { kind: 'ends one', with: name === 'completed' ? name : { name, ...fields } },
});

/** A row of one line: its expectation, its fault, and the rest. */
export const row = (
  id: string,
  name: string,
  { expect }: Expects,
  ...parts: readonly Partial<Row>[]
): Row => Object.assign({ id, name, expect }, ...parts) as Row;

/** A row that subscribes and asserts by itself. */
export const play = (id: string, name: string, act: (stage: Stage) => Promise<void>): Row => ({
  id,
  name,
  expect: { kind: 'plays', play: act },
});

/** Faults that many rows share, by what the server does. */
export const faults = {
  /** The first dials fail. */
  dials: (fault: DialFault, times = 1): Pick<Row, 'before'> => ({
    before: ({ server }) => server.failDials(fault, times),
  }),
  /** The first handshakes go wrong. */
  handshakes: (fault: HandshakeFault, times = 1): Pick<Row, 'before'> => ({
    before: ({ server }) => server.failHandshakes(fault, times),
  }),
  /** A message, to an operation that is live. */
  garbage: (garbage: Garbage): Pick<Row, 'fault'> => ({
    fault: ({ server }) => server.garble(garbage),
  }),
  /** Bytes. */
  bytes: (corruption: Corruption): Pick<Row, 'fault'> => ({
    fault: ({ server }) => server.corrupt(corruption),
  }),
  /** A close frame. */
  close: (code?: number): Pick<Row, 'fault'> => ({
    fault: ({ server }) => server.close(code, code === undefined ? undefined : 'said the server'),
  }),
};
