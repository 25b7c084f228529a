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

export const plays = (play: (stage: Stage) => Promise<void>): Expects => ({
  expect: { kind: 'plays', play },
});
