import { config } from 'rxjs';
import { type SinonFakeTimers, useFakeTimers } from 'sinon';
import { must } from './broken.js';
import type { Edit, FrameSpec } from './frame-spec.js';
import { createPatient, type Patient } from './patient.js';
import type { Life, Step } from './step.js';
import { sameJson } from '../../lib/testing/json.js';
import { expectedOf } from './expected.js';
import { type Meaning, meaningOf } from './meaning.js';
import { decoded, type Notice, type Stream } from './stream.js';

/** ms; longer than the minute of the protocol faults, and than any backoff of these tests. */
const minute = 65_000;

/** With a healthy server each stream is subscribed within a minute, on the socket that is open, and is heard. */
function mustRecover(patient: Patient, clock: SinonFakeTimers): void {
  const { streams, server, refill, idOn } = patient;
  refill();
  clock.tick(minute);
  const { status } = patient;
  must(status.state === 'connected', 'a healthy server is connected to within a minute', status);
  checkInvariants(patient);
  const { peer } = server.fake;
  const type = peer.subprotocol === 'graphql-ws' ? 'data' : 'next';
  for (const stream of streams) {
    // a mutation in flight when the connection was lost is not sent again; what else ended did so for a refusal of this minute
    if (!stream.live) continue;
    const id = idOn(peer, stream);
    must(id !== undefined, 'each stream is subscribed again', stream.query);
    const stops = peer.sent.filter(
      (sent) => sent.id === id && /^(complete|stop)$/.test(String(sent.type)),
    );
    must(stops.length === 0, 'nothing was stopped that is live', stream.query);
    const heard = stream.notices.length;
    deliver(patient, JSON.stringify({ type, id, payload: { data: { again: id } } }));
    must(stream.notices.length > heard, 'each stream is heard again', stream.query);
  }
}

/** A connection that has gone silent is given up: no frame has stopped the watch over it. */
function mustBeWatched({ server, status, refill }: Patient, clock: SinonFakeTimers): void {
  refill();
  clock.tick(5_000);
  const { peers } = server.fake;
  server.hush();
  const [silent, count] = [peers.at(-1), peers.length];
  clock.tick(minute);
  must(peers.length > count, 'a silent connection is given up', {
    state: status.state,
    closes: silent?.closes,
  });
}

/** After `close()` nothing is left: no socket, no timer, no stream. */
function mustEnd(patient: Patient, clock: SinonFakeTimers): void {
  const { socket, streams, server } = patient;
  // what answers it has a timer
  server.fake.peer.send({ type: 'ping' });
  server.stop();
  socket.close();
  // a close frame and its answer
  clock.tick(10);
  must(patient.gone, 'status$ completes after close()', patient.status);
  const live = streams.filter((stream) => stream.live).map(({ query }) => query);
  must(live.length === 0, 'close() leaves no stream hanging', live);
  const open = server.fake.peers.filter(({ readyState }) => readyState !== 3);
  must(open.length === 0, 'close() leaves no socket open', open.length);
  must(clock.countTimers() === 0, 'close() leaves no timer', clock.countTimers());
}

/** The peer closes because of what it was sent: one operation may be the culprit. */
const refusals = [4400, 4500];
const faults = [1002, 1003, 1007, 1008, 1009, ...refusals];
const fatal = [1010, 1015, 4401, 4403, 4406, 4409, 4429];

/** What happened to a socket object that is a reason for a stream to end. */
interface History {
  /** When there was what suggests a broken server; virtual ms. */
  readonly faults: number[];
  refused: boolean;
  /** Whether frames came while time passed, which were judged there and then. */
  spoken: boolean;
  fatal: boolean;
}

function noteClose(history: History, step: Step): void {
  // a rejection before the ack
  if (step.kind === 'early') history.fatal = true;
  if (step.kind !== 'close') return;
  if (faults.includes(step.code)) history.faults.push(Date.now());
  if (refusals.includes(step.code)) history.refused = true;
  if (fatal.includes(step.code)) history.fatal = true;
}

/** Lets time pass in which no frame comes: nothing is heard but what the state of the connection is a reason for. */
function pass(patient: Patient, clock: SinonFakeTimers, ms: number, history: History): void {
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

type Frame = string | ArrayBuffer | Uint8Array;

/** What one stream told while one frame was delivered. */
interface Told {
  readonly stream: Stream;
  /** Its id on this connection, and whether it was live, before. */
  readonly id: string | undefined;
  readonly live: boolean;
  readonly notices: readonly Notice[];
}

/** How things are behind a frame. */
interface After {
  readonly shown: string;
  readonly lost: boolean;
  readonly failed: boolean;
  /** Whether the stream may end for want of a result, with the connection. */
  readonly useless: boolean;
}

/** Delivers a frame to the socket dialled last, and judges what comes of it at once. */
function deliver(patient: Patient, frame: Frame): void {
  const { peer } = patient.server.fake;
  const isAlive = () => peer.readyState === 1 && peer.closes.length === 0;
  const [alive, acknowledged] = [isAlive(), patient.status.state === 'connected'];
  const before = patient.streams.map((stream) => ({
    stream,
    id: patient.idOn(peer, stream),
    live: stream.live,
    count: stream.notices.length,
  }));
  try {
    peer.send(frame);
  } catch (error) {
    must(false, 'nothing is thrown out of a delivery', String((error as Error).stack));
  }
  const told = before.map(({ count, ...rest }) => ({
    ...rest,
    notices: rest.stream.notices.slice(count),
  }));
  const shown = typeof frame === 'string' ? frame : new TextDecoder('latin1').decode(frame);
  if (!alive) {
    for (const { notices } of told) must(notices.length === 0, 'an old socket is dead', shown);
    return;
  }
  const meaning = meaningOf(frame, peer.subprotocol);
  const after = { shown, lost: !isAlive(), failed: patient.status.state === 'failed' };
  for (const each of told)
    judge(each, meaning, { ...after, useless: patient.endsUseless(each.stream) });
  for (const { stream, id, live } of told)
    if (live && id !== undefined && meaning.ids.includes(id))
      patient.answered.note(stream, peer, meaning);
  if (!acknowledged) return;
  if (meaning.kind === 'malformed')
    must(!isAlive(), 'a malformed frame ends the connection', shown);
  else if (meaning.kind !== 'ambiguous') must(isAlive(), 'the connection goes on', shown);
  if (isAlive()) for (const each of told) judgeRoute(each, meaning, shown);
}

/** Nobody hears what is for another, and nobody hears anything that is in no frame. */
function judge(
  { stream, id, notices }: Told,
  { ids, kind, payloads }: Meaning,
  { shown, lost, failed, useless }: After,
): void {
  if (notices.length === 0) return;
  const [{ type }, last] = [notices[0]!, notices.at(-1)!];
  const end = last.type === 'error' ? last.error.name : undefined;
  if (
    lost &&
    type === 'error' &&
    (failed ||
      (stream.kind === 'mutate$' && end === 'ConnectionLostError') ||
      (useless && end === 'OperationError'))
  )
    return;
  const detail = { shown, kind: stream.kind, id, notices: notices.map(({ type: each }) => each) };
  must(id !== undefined && ids.includes(id), 'no frame reaches another operation', detail);
  if (kind !== 'ambiguous') return;
  for (const notice of notices) {
    const what = notice.type === 'value' ? decoded(notice.value, stream.kind) : notice;
    if (what.type !== 'value') continue;
    const data = payloads.flatMap((payload) => [
      payload,
      (payload as { data?: unknown } | null)?.data,
    ]);
    must(
      data.some((one) => sameJson(one, what.value)),
      'a value is one of the frame',
      detail,
    );
  }
}

/** Who is meant hears exactly what the contract says. */
function judgeRoute({ stream, id, live, notices }: Told, meaning: Meaning, shown: string): void {
  if (meaning.kind === 'ambiguous' || !live || id === undefined) return;
  if (!meaning.ids.includes(id)) return;
  const { values, error, complete } = expectedOf(meaning, stream);
  const heard = notices.map((notice) =>
    notice.type === 'value' ? decoded(notice.value, stream.kind) : notice,
  );
  const got = {
    values: heard.flatMap((each) => (each.type === 'value' ? [each.value] : [])),
    error: heard.find((each) => each.type === 'error')?.error.name,
    complete: heard.some(({ type }) => type === 'complete'),
  };
  const detail = { shown, kind: stream.kind, got: [got.values.length, got.error, got.complete] };
  must(got.error === error && got.complete === complete, 'the right end', {
    ...detail,
    error,
    complete,
  });
  must(sameJson(got.values, values), 'the payload of JSON.parse, and nothing else', detail);
}

/** The reasons that a client of ours closes with: no text of a user's or a server's. */
const reasons: ReadonlySet<string> = new Set(['', 'Malformed frame', 'Malformed handshake']);

const prototypeBefore = Object.getOwnPropertyNames(Object.prototype).join();

/** What holds whenever the client has come to rest. */
function checkInvariants({ server, status, streams }: Patient): void {
  const { peers } = server.fake;
  for (const { closes } of peers)
    for (const { reason } of closes)
      must(reasons.has(reason), 'a close reason is a fixed one', reason);
  must(
    Object.getOwnPropertyNames(Object.prototype).join() === prototypeBefore,
    'Object.prototype is not polluted',
    Object.getOwnPropertyNames(Object.prototype),
  );
  const open = peers.filter(({ readyState, closes }) => readyState < 2 && closes.length === 0);
  must(open.length <= 1, 'there is one socket at most', open.length);
  const { state } = status;
  const live = streams.filter((stream) => stream.live).map(({ query }) => query);
  if (state === 'connected' || state === 'connecting')
    must(
      open[0] === peers.at(-1) && open.length === 1,
      `${state} is on a socket that is open`,
      live,
    );
  if (state === 'failed' || state === 'idle')
    must(live.length === 0, `${state} leaves no stream hanging`, live);
  for (const { kind, query, notices } of streams) {
    const sent = peers.flatMap(({ operations }) =>
      operations.filter(({ request }) => request.query === query),
    );
    must(kind !== 'mutate$' || sent.length <= 1, 'a mutation is not sent twice', query);
    const end = notices.findIndex(({ type }) => type !== 'value');
    must(
      end === -1 || end === notices.length - 1,
      'a stream ends once, and says nothing after',
      notices,
    );
  }
}

/** What is put on the wire: the ids filled in, then damaged. */
function render(
  { template, edits, form }: FrameSpec,
  ids: readonly string[],
): string | ArrayBuffer | Uint8Array {
  const text = template.replace(/%([0-4])/g, (_, digit: string) => ids[Number(digit)] ?? 'none');
  if (form !== 'text') {
    const bytes = Uint8Array.from(apply([...new TextEncoder().encode(text)], edits, 8));
    return form === 'ArrayBuffer' ? bytes.buffer : bytes;
  }
  if (edits.length === 0) return text;
  const units = text.split('').map((unit) => unit.charCodeAt(0));
  return apply(units, edits, 16)
    .map((unit) => String.fromCharCode(unit))
    .join('');
}

function apply(given: readonly number[], edits: readonly Edit[], bits: number): number[] {
  return edits.reduce<number[]>((units, edit) => applyOne(units, edit, bits), [...given]);
}

function applyOne(units: number[], { how, at, length, value }: Edit, bits: number): number[] {
  const from = units.length > 0 ? at % units.length : 0;
  const part = units.slice(from, from + length);
  const unit = value % 2 ** bits;
  const [before, after] = [units.slice(0, from), units.slice(from + part.length)];
  switch (how) {
    case 'flip':
      return [...before, (units[from] ?? 0) ^ (1 << (value % bits)), ...units.slice(from + 1)];
    case 'replace':
      return [...before, unit, ...units.slice(from + 1)];
    case 'insert':
      return [...before, unit, ...units.slice(from)];
    case 'drop':
      return [...before, ...after];
    case 'repeat':
      return [...before, ...part, ...part, ...after];
    case 'cut':
      return before;
    case 'swap':
      return [...after, ...part, ...before];
  }
}

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
