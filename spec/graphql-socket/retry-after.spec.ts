import { expect } from 'chai';
import { describe } from 'mocha';
import { Subject, timer } from 'rxjs';
import { subscribed, wsBench } from '../helpers/bench.js';
import type { Move } from '../helpers/scripted.js';
import { accepts } from '../helpers/scripted.js';
import { advance, record, test } from '../helpers/test.js';

const query = 'subscription { a }';
const answers =
  (statusCode: number, header?: string): Move =>
  (peer) => {
    const headers = header === undefined ? {} : { 'retry-after': header };
    timer(1).subscribe(() => {
      peer.emit('unexpected-response', {}, { statusCode, headers });
      peer.fail(new Error('not upgraded'));
    });
  };

describe('Retry-After', () => {
  for (const status of [429, 503])
    test(`is waited for after HTTP ${String(status)}, and then the backoff`, () => {
      const { socket, peers } = wsBench({}, answers(status, '7'), accepts());
      const states = record(socket.status$);
      record(socket.subscribe$(query));
      advance(1);
      const waiting = states.values.at(-1);
      expect(waiting).to.include({ state: 'waiting', delay: 7_010, until: 7_011 });
      expect(waiting).to.have.nested.property('error.status', status);
      expect(waiting).to.have.nested.property('error.retryAfter', 7_000);
      advance(7_009);
      expect(peers).to.have.length(1);
      advance(1);
      expect(peers).to.have.length(2);
    });

  test('is not cut short by a wake', () => {
    const wake = new Subject<void>();
    const retry = { delay: 60_000, wake };
    const { peers } = subscribed(wsBench({ retry }, answers(503, '7'), accepts()));
    advance(7_000);
    wake.next();
    advance(2);
    expect(peers).to.have.length(1);
    wake.next();
    expect(peers).to.have.length(2);
  });

  for (const [what, script] of [
    ['of another status', answers(500, '7')],
    ['without sense', answers(503, 'soon')],
    ['that is absent', answers(503)],
  ] as const)
    test(`${what} is nothing`, () => {
      const { socket, peers } = wsBench({}, script, accepts());
      const states = record(socket.status$);
      record(socket.subscribe$(query));
      advance(1);
      expect(states.values.at(-1)).to.include({ state: 'waiting', delay: 10 });
      expect(states.values.at(-1)).to.not.have.nested.property('error.retryAfter');
      advance(10);
      expect(peers).to.have.length(2);
    });

  for (const retry of [false, {}] as const)
    test(`is waited for by who comes after all have left, with retry: ${JSON.stringify(retry)}`, () => {
      const { socket, peers } = wsBench({ retry }, answers(503, '120'), accepts());
      const first = record(socket.subscribe$(query));
      advance(5);
      first.unsubscribe();
      for (let turn = 0; turn < 10; turn += 1) {
        const stream = record(socket.subscribe$(query));
        advance(10_000);
        stream.unsubscribe();
      }
      expect(peers).to.have.length(1);
      record(socket.subscribe$(query));
      advance(30_000);
      expect(peers).to.have.length(2);
    });
});
