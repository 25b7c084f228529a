import { expect } from 'chai';
import { describe } from 'mocha';
import { asyncScheduler, timer } from 'rxjs';
import type { GraphQLSocketConfig } from '../../lib/config.js';
import { bench } from '../helpers/bench.js';
import type { Move } from '../helpers/scripted.js';
import { accepts } from '../helpers/scripted.js';
import { advance, record, test } from '../helpers/test.js';
import { ack } from '../helpers/wire.js';

const opensAt =
  (ms: number): Move =>
  (peer) =>
    void timer(ms).subscribe(() => peer.open());
const pong: Move = (peer) => peer.send({ type: 'pong' });
const cases: [verdict: string, Partial<GraphQLSocketConfig>, Move, late: Move, due: number][] = [
  ['silence', { keepAliveTimeout: 1_000 }, accepts(), pong, 1_002],
  ['a ping without a pong', { pingInterval: 700, pongTimeout: 300 }, accepts(), pong, 1_002],
  ['an ack that is late', { ackTimeout: 1_000 }, opensAt(2), (peer) => peer.send(ack()), 1_002],
  [
    'a connection that takes too long',
    { connectTimeout: 1_000 },
    () => undefined,
    opensAt(0),
    1_000,
  ],
];

describe('behind a blocked event loop', () => {
  for (const [verdict, config, script, late, due] of cases) {
    const dialled = () => bench(config, script);

    test(`${verdict} is no reason while the frame that says otherwise waits to be read`, () => {
      const { socket, at, peers } = dialled();
      record(socket.subscribe$('subscription { a }'));
      // due in the same millisecond as the verdict, and behind it
      advance(due - 1);
      asyncScheduler.schedule(() => late(at(0)), 1);
      advance(50);
      expect(peers).to.have.length(1);
    });

    test(`${verdict} is a reason when there is none`, () => {
      const { socket, peers } = dialled();
      record(socket.subscribe$('subscription { a }'));
      advance(due + 12);
      expect(peers).to.have.length(2);
    });
  }
});
