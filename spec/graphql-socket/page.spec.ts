import { expect } from 'chai';
import { describe } from 'mocha';
import { EMPTY, Subject, throwError } from 'rxjs';
import { bench, subscribed } from '../helpers/bench.js';
import { usePage } from '../helpers/fake-page.js';
import { accepts, answering, ends } from '../helpers/scripted.js';
import { advance, record, test, timers } from '../helpers/test.js';

const query = 'subscription { a }';
const openPage = usePage();
const pings = (peer: { readonly sent: readonly { type?: unknown }[] }) =>
  peer.sent.filter(({ type }) => type === 'ping').length;

describe('a page that goes offline and comes back', () => {
  test('asks the peer at once whether it is there, and keeps a healthy socket', () => {
    const page = openPage();
    const healthy = accepts();
    const { at, peers } = subscribed(
      bench({ pingInterval: 60_000, pongTimeout: 100 }, (peer) => {
        healthy(peer);
        answering({ ping: () => ({ type: 'pong' }) })(peer);
      }),
    );
    advance(10);
    let asked = 0;
    for (const event of ['offline', 'online', 'pageshow'] as const) {
      page.fire(event);
      expect(pings(at(0)), event).to.equal((asked += 1));
      // a wake causes one ping a second at most
      advance(1_000);
    }
    page.show('hidden');
    expect(pings(at(0))).to.equal(3);
    page.show('visible');
    expect(pings(at(0))).to.equal(4);
    advance(1_000);
    expect(peers).to.have.length(1);
  });

  test('asks once, not for every event', () => {
    const page = openPage();
    const { at } = subscribed(bench({ pingInterval: 60_000, pongTimeout: 100 }));
    advance(10);
    page.fire('online');
    page.show('visible');
    page.fire('pageshow');
    expect(pings(at(0))).to.equal(1);
  });

  test('leaves a peer that does not answer', () => {
    const page = openPage();
    const { peers } = subscribed(bench({ pingInterval: 60_000, pongTimeout: 100 }));
    advance(10);
    page.fire('offline');
    advance(99);
    expect(peers).to.have.length(1);
    advance(11);
    expect(peers).to.have.length(2);
  });

  test('asks nobody where pings are off', () => {
    const page = openPage();
    const { at } = subscribed(bench({ pingInterval: false }));
    advance(10);
    page.fire('online');
    expect(pings(at(0))).to.equal(0);
  });

  for (const [what, wake] of Object.entries({
    online: (page: ReturnType<typeof openPage>) => page.fire('online'),
    pageshow: (page: ReturnType<typeof openPage>) => page.fire('pageshow'),
    visible: (page: ReturnType<typeof openPage>) => page.show('visible'),
  }))
    test(`cuts a wait short when it is ${what}`, () => {
      const page = openPage();
      const { peers, stream } = subscribed(bench({ retry: { delay: 60_000 } }, ends(), accepts()));
      advance(5_000);
      expect(peers).to.have.length(1);
      wake(page);
      expect(peers).to.have.length(2);
      stream.unsubscribe();
      advance(5);
      expect(timers()).to.equal(0);
      wake(page);
      expect(peers).to.have.length(2);
    });
});

describe('retry.wake', () => {
  test('cuts the wait short, and asks a connected peer whether it is there', () => {
    const wake = new Subject<void>();
    const retry = { delay: 60_000, wake };
    const { at, peers } = subscribed(bench({ retry, pingInterval: 60_000 }, ends(), accepts()));
    advance(100);
    wake.next();
    expect(peers).to.have.length(2);
    advance(10);
    wake.next();
    expect(pings(at(1))).to.equal(1);
  });

  test('does not dial more often than once a second', () => {
    const wake = new Subject<void>();
    const { peers } = subscribed(bench({ retry: { delay: 60_000, wake } }, ends()));
    for (let woken = 0; woken < 1_000; woken += 1) {
      wake.next();
      advance(10);
    }
    expect(peers.length).to.be.within(10, 13);
  });

  for (const [ms, what, dials] of [
    [999, 'was meant for the wait that follows, and for that one alone', 2],
    [1_000, 'has nothing to do with it', 1],
  ] as const)
    test(`${String(ms)} ms before a loss ${what}`, () => {
      const wake = new Subject<void>();
      const { at, peers } = subscribed(bench({ retry: { delay: 60_000, wake } }));
      advance(10);
      wake.next();
      advance(ms);
      at(0).close();
      advance(5);
      expect(peers).to.have.length(dials);
      at(-1).close();
      advance(50_000);
      expect(peers).to.have.length(dials);
    });

  test('may end: the wait does not', () => {
    const { peers } = subscribed(bench({ retry: { delay: 500, wake: EMPTY } }, ends(), accepts()));
    advance(499);
    expect(peers).to.have.length(1);
    advance(2);
    expect(peers).to.have.length(2);
  });

  test('that fails is the error of a stream that waits, and says which option it was', () => {
    const wake = throwError(() => new Error('mine'));
    const { stream } = subscribed(
      bench({ retry: { delay: 500, wake }, pingInterval: 60_000 }, ends()),
    );
    advance(10);
    expect(stream.error).to.include({ name: 'ConfigurationError', option: 'retry.wake' });
    expect(stream.error.cause).to.have.property('message', 'mine');
  });

  test('that fails is nothing to a connection', () => {
    const wake = throwError(() => new Error('mine'));
    const { at, stream } = subscribed(bench({ retry: { wake }, pingInterval: 100 }));
    advance(150);
    expect(stream.log).to.deep.equal([]);
    expect(pings(at(0))).to.equal(1);
  });

  test('just before the last subscriber leaves is nothing to the next one', () => {
    const wake = new Subject<void>();
    const { socket, at, peers } = bench({ retry: { delay: 60_000, wake } });
    const first = record(socket.subscribe$(query));
    advance(10);
    wake.next();
    first.unsubscribe();
    advance(3_600_000);
    record(socket.subscribe$(query));
    advance(10);
    at(1).close();
    advance(50_000);
    expect(peers).to.have.length(2);
  });
});
