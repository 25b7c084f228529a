import { expect } from 'chai';
import { describe } from 'mocha';
import { NEVER, of } from 'rxjs';
import { bench, subscribed } from '../helpers/bench.js';
import { advance, cold, expectSubscriptions, test } from '../helpers/test.js';

describe('a Resolvable', () => {
  test('is asked afresh for each dial, with all others, before the dial', () => {
    let asked = 0;
    const { at, peers } = subscribed(
      bench({
        url: () => cold('--u', { u: `ws://peer/${String((asked += 1))}` }),
        connectionParams: () => cold('----p', { p: { n: asked } }),
      }),
    );
    advance(3);
    expect(peers).to.have.length(0);
    advance(3);
    expect(at(0)).to.include({ url: 'ws://peer/1', dialledAt: 4 });
    expect(at(0).sent[0]).to.deep.include({ payload: { n: 1 } });
    at(0).close(1001);
    advance(20);
    expect(at(1).url).to.equal('ws://peer/2');
    expect(at(1).sent[0]).to.deep.include({ payload: { n: 2 } });
  });

  test('that is an Observable is subscribed for each dial, and left at its first value', () => {
    const url$ = cold('-u-v', { u: 'ws://peer/u', v: 'ws://peer/v' });
    const { peers, at, stream } = subscribed(
      bench({
        url: url$,
        connectionParams: of({ n: 1 }, { n: 2 }),
      }),
    );
    advance(5);
    at(0).close(1001);
    advance(15);
    expect(peers.map(({ url }) => url)).to.deep.equal(['ws://peer/u', 'ws://peer/u']);
    expect(at(0).sent[0]).to.deep.include({ payload: { n: 1 } });
    expectSubscriptions(url$.subscriptions).toBe(['^!', '---------------^!']);
    stream.unsubscribe();
  });

  test('that gives no params is asked once, and the init has no payload', () => {
    let asked = 0;
    const { at } = subscribed(
      bench({
        connectionParams() {
          asked += 1;
          return undefined;
        },
      }),
    );
    advance(5);
    expect([asked, at(0).sent[0]]).to.deep.equal([1, { type: 'connection_init' }]);
  });

  test('is given up after connectTimeout, all together', () => {
    const { stream } = subscribed(bench({ url: () => NEVER, connectTimeout: 20, retry: false }));
    advance(19);
    expect(stream.log).to.deep.equal([]);
    advance(2);
    expect(stream.error).to.include({ name: 'ConnectionError' });
  });
});
