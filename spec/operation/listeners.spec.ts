import { expect } from 'chai';
import { describe } from 'mocha';
import { BehaviorSubject } from 'rxjs';
import { ConnectionClosedError } from '../../lib/errors.js';
import { fanOut } from '../../lib/operation/fan-out.js';
import { shareOperations } from '../../lib/operation/share.js';
import { connected } from '../helpers/connected.js';
import { countListeners } from '../helpers/count-listeners.js';
import { advance, record, test, timers } from '../helpers/test.js';
import { complete } from '../helpers/wire.js';

const query = 'subscription { a }';
const lost = new ConnectionClosedError(1006, '', false);
const many = Array.from({ length: 50 }, (_, index) => index + 1);

/** Operations on one connection, and how many listen to all of its messages. */
function sharing() {
  const peer = connected();
  const { connection, listeners } = countListeners(peer.connection);
  const connection$ = new BehaviorSubject(connection);
  const source = fanOut(connection$);
  return { ...peer, connection$, listeners, share: shareOperations(() => source) };
}

describe('the listeners to all messages of a connection', () => {
  test('are no more for operations that linger', () => {
    const { connection$, share, listeners, sent, lose } = sharing();
    for (const n of many)
      record(share({ query, variables: { n } }, {}, { linger: 1_000 })).unsubscribe();
    advance(500);
    expect([sent().length, listeners()]).to.deep.equal([many.length, 0]);
    lose(lost);
    // and yet they end with the connection
    expect(connection$.observed).to.equal(false);
  });

  test('are no more for operations that wait to be sent again', () => {
    const { share, listeners, sent, lose, receive } = sharing();
    const restart = { onServerComplete: 'restart' } as const;
    const streams = many.map((n) => record(share({ query, variables: { n } }, restart, {})));
    receive(...many.map((n) => complete(String(n))));
    expect(timers()).to.equal(many.length);
    expect([sent().length, listeners()]).to.deep.equal([many.length, 0]);
    lose(lost);
    // and yet they wait no longer than the connection lasts; its socket has timers of its own
    expect(timers()).to.be.below(many.length);
    for (const { log, unsubscribe } of streams) {
      expect(log).to.deep.equal([]);
      unsubscribe();
    }
    advance(0);
  });
});
