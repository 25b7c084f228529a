import type { SinonFakeTimers } from 'sinon';
import { must } from './broken.js';
import { checkInvariants } from './invariants.js';
import type { Patient } from './patient.js';
import type { Step } from './step.js';

/** The peer closes because of what it was sent: one operation may be the culprit. */
const refusals = [4400, 4500];
const faults = [1002, 1003, 1007, 1008, 1009, ...refusals];
const fatal = [1010, 1015, 4401, 4403, 4406, 4409, 4429];

/** What happened to a socket object that is a reason for a stream to end. */
export interface History {
  /** When there was what suggests a broken server; virtual ms. */
  readonly faults: number[];
  refused: boolean;
  /** Whether frames came while time passed, which were judged there and then. */
  spoken: boolean;
  fatal: boolean;
}

export function noteClose(history: History, step: Step): void {
  // a rejection before the ack
  if (step.kind === 'early') history.fatal = true;
  if (step.kind !== 'close') return;
  if (faults.includes(step.code)) history.faults.push(Date.now());
  if (refusals.includes(step.code)) history.refused = true;
  if (fatal.includes(step.code)) history.fatal = true;
}

/** Lets time pass in which no frame comes: nothing is heard but what the state of the connection is a reason for. */
export function pass(patient: Patient, clock: SinonFakeTimers, ms: number, history: History): void {
  const { streams, server } = patient;
  const before = streams.map((stream) => ({ stream, count: stream.notices.length }));
  Object.assign(history, { spoken: false });
  clock.tick(ms);
  checkInvariants(patient);
  const { spoken } = history as Readonly<History>;
  const { state } = patient.status;
  for (const { stream, count } of before)
    for (const notice of stream.notices.slice(count)) {
      const name = notice.type === 'error' ? notice.error.name : notice.type;
      const allowed =
        spoken ||
        state === 'failed' ||
        (name === 'ConnectionLostError' && stream.kind === 'mutate$') ||
        (name === 'ConnectionClosedError' && history.refused) ||
        (name === 'OperationError' && patient.endsUseless(stream));
      must(allowed, 'a stream says nothing without a frame', [stream.kind, name, state]);
    }
  if (state !== 'failed') return;
  const ours = server.fake.peers.flatMap(({ closes }) =>
    closes.filter(({ code }) => code === 4400),
  );
  const recent = [...ours.map(({ at }) => at), ...history.faults].filter(
    (at) => at > Date.now() - 60_000 - ms,
  );
  must(history.fatal || recent.length >= 3, 'a socket object fails for a reason', patient.status);
}
