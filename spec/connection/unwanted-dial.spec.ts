import { expect } from 'chai';
import { describe } from 'mocha';
import { Subject, timer } from 'rxjs';
import { bench } from '../helpers/bench.js';
import { accepts, refuses } from '../helpers/scripted.js';
import { advance, record, test, timers } from '../helpers/test.js';
import type { Recording } from '../helpers/virtually.js';

const query = 'subscription { a }';

/** Calls back at an instant; of several at the same instant, in the order in which they were asked for. */
const at = (ms: number, then: () => void) =>
  timer(ms).subscribe({ next: then, error: expect.fail });

/** A dial fails after 1 ms, and the next one is due at 11 ms. */
const retrying = () => bench({ retry: { delay: 10 } }, refuses, accepts());

describe('a wait that ends in the turn of the last unsubscribe', () => {
  test('dials for nobody', () => {
    const { socket, peers } = retrying();
    const stream = record(socket.subscribe$(query));
    at(11, () => {
      stream.unsubscribe();
    });
    advance(10);
    expect([peers.length, stream.log]).to.deep.equal([1, []]);
    advance(5_000);
    expect([peers.length, timers()]).to.deep.equal([1, 0]);
  });

  for (const [what, askedAt] of [
    ['before the wait ends', 0],
    ['when the wait has ended', 5],
  ] as const)
    test(`dials for the subscriber that comes in that turn, ${what}`, () => {
      const { socket, peers, messages } = retrying();
      const stream = record(socket.subscribe$(query));
      let again: Recording<unknown> | undefined;
      at(11, () => {
        stream.unsubscribe();
      });
      advance(askedAt);
      at(11 - askedAt, () => {
        again = record(socket.subscribe$(query));
      });
      advance(11 - askedAt);
      expect(peers).to.have.length(2);
      advance(2);
      expect(messages().map(({ type }) => type)).to.deep.equal(['connection_init', 'subscribe']);
      again?.unsubscribe();
    });

  test('dials for nobody who waited for the turn of a first dial', () => {
    const { socket, peers } = bench({ retry: false }, refuses);
    for (let dial = 1; dial <= 3; dial += 1) {
      record(socket.subscribe$(query));
      advance(1);
    }
    // three in a burst, and the fourth a second after the first
    at(997, () => {
      stream.unsubscribe();
    });
    const stream = record(socket.subscribe$(query));
    advance(5_000);
    expect([peers.length, timers()]).to.deep.equal([3, 0]);
  });
});

describe('a connection that is lost in the turn in which it is kept for the next operation', () => {
  test('is not replaced, even if the page comes back in that turn', () => {
    const wake = new Subject<void>();
    const { socket, at: peer, peers } = bench({ linger: 200, retry: { delay: 10, wake } });
    const stream = record(socket.subscribe$(query));
    advance(5);
    stream.unsubscribe();
    peer(0).send('no JSON');
    wake.next();
    advance(5_000);
    expect([peers.length, timers()]).to.deep.equal([1, 0]);
  });
});
