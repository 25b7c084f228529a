import { config } from 'rxjs';
import { useFakeTimers, type SinonFakeTimers } from 'sinon';
import { must } from './broken.js';
import { deliver } from './deliver.js';
import { mustBeWatched, mustEnd, mustRecover } from './ending.js';
import type { FrameSpec } from './frame-spec.js';
import { noteClose, pass, type History } from './pass.js';
import { createPatient, type Patient } from './patient.js';
import { render } from './render.js';
import type { Life, Step } from './step.js';

/** How much was played. */
export interface Tally {
  lives: number;
  frames: number;
  reconnects: number;
  failures: number;
}

/** Plays one life of a socket object in virtual time, and throws where an invariant is broken. */
export function play(life: Life, tally: Tally): void {
  const toFake = [
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    'setImmediate',
  ] as const;
  const clock = useFakeTimers({
    now: 1_768_478_400_000,
    toFake: [...toFake, 'clearImmediate', 'Date'],
  });
  const unhandled: unknown[] = [];
  config.onUnhandledError = (error) => unhandled.push(error);
  try {
    live(life, clock, tally);
    must(
      unhandled.length === 0,
      'no error is unhandled',
      String((unhandled[0] as Error | undefined)?.stack),
    );
  } finally {
    config.onUnhandledError = null;
    clock.restore();
  }
}

function live(life: Life, clock: SinonFakeTimers, tally: Tally): void {
  const patient = createPatient(life);
  const history: History = { faults: [], refused: false, spoken: false, fatal: false };
  patient.refill();
  pass(patient, clock, 10, history);
  must(patient.status.state === 'connected', 'a healthy server is connected to', patient.status);
  for (const [step, pause] of life.steps) {
    noteClose(history, step);
    take(step, patient, clock, tally, history);
    pass(patient, clock, pause, history);
    if (patient.status.state === 'failed') tally.failures += 1;
    patient.refill();
    pass(patient, clock, 5, history);
  }
  // what is left to come before an ack comes, and protocol faults are forgotten
  pass(patient, clock, 61_000, history);
  mustRecover(patient, clock);
  mustBeWatched(patient, clock);
  mustEnd(patient, clock);
  tally.lives += 1;
  tally.reconnects += patient.server.fake.peers.length - 1;
}

function take(
  step: Step,
  patient: Patient,
  clock: SinonFakeTimers,
  tally: Tally,
  history: History,
): void {
  const { server, streams } = patient;
  const { peer } = server.fake;
  const say = (frames: readonly FrameSpec[]) => {
    for (const spec of frames) {
      const ids = streams.map((stream) => patient.idOn(server.fake.peer, stream) ?? 'none');
      tally.frames += 1;
      deliver(patient, render(spec, ids));
    }
  };
  switch (step.kind) {
    case 'frames':
      // before it has opened nothing can be said
      if (peer.readyState > 0) say(step.frames);
      break;
    case 'early':
      server.beforeAck = () => {
        history.spoken = true;
        say(step.frames);
      };
      peer.drop();
      break;
    case 'close':
      peer.close(step.code);
      break;
    case 'fail':
      peer.fail(new Error('broken pipe'));
      break;
    case 'leave':
      streams[step.slot]?.subscription.unsubscribe();
      break;
    case 'advance':
      clock.tick(step.ms);
  }
}
