import type { Row } from '../row.js';
import type { Stage } from '../stage.js';

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
