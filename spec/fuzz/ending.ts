import type { SinonFakeTimers } from 'sinon';
import { must } from './broken.js';
import { deliver } from './deliver.js';
import { checkInvariants } from './invariants.js';
import type { Patient } from './patient.js';

/** ms; longer than the minute of the protocol faults, and than any backoff of these tests. */
const minute = 65_000;

/** With a healthy server each stream is subscribed within a minute, on the socket that is open, and is heard. */
export function mustRecover(patient: Patient, clock: SinonFakeTimers): void {
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
export function mustBeWatched({ server, status, refill }: Patient, clock: SinonFakeTimers): void {
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
export function mustEnd(patient: Patient, clock: SinonFakeTimers): void {
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
