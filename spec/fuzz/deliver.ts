import { sameJson } from '../../lib/testing/json.js';
import { must } from './broken.js';
import { expectedOf } from './expected.js';
import { meaningOf, type Meaning } from './meaning.js';
import type { Patient } from './patient.js';
import { decoded, type Notice, type Stream } from './stream.js';

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
export function deliver(patient: Patient, frame: Frame): void {
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
