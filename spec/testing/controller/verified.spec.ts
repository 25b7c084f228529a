import { expect } from 'chai';
import { parse } from 'graphql';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { type Subscription, timer } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { SubscribeOptions } from 'rx-graphql-ws';
import { GraphQLSocketTestingController, marbleEqual } from 'rx-graphql-ws/testing';
import { type SinonFakeTimers, useFakeTimers } from 'sinon';
import { failureOf } from '../../helpers/rejection.js';
import { prices } from './unit.js';

const messageOf = (error: unknown) => (error as Error).message;

describe('verified()', () => {
  let controller: GraphQLSocketTestingController;
  const follow = (share: SubscribeOptions['share'], symbol = 'SOL'): Subscription =>
    controller
      .subscribe$({ query: prices, variables: { symbol } }, { share })
      .subscribe({ error: () => undefined });
  const shared = (linger: number) => follow({ linger });
  const take = () => controller.expectOne('Prices');

  beforeEach(() => {
    controller = new GraphQLSocketTestingController();
  });

  afterEach(() => controller.close());

  it('waits until `share` has stopped an operation, in real time', async () => {
    const subscription = shared(20);
    const operation = take();
    subscription.unsubscribe();
    expect(operation.unsubscribed).to.equal(false);
    await controller.verified();
    operation.expectUnsubscribed();
  });

  it('resolves at once if nothing is left, and rejects at once for other operations', async () => {
    await controller.verified();
    const subscription = follow(false);
    expect(messageOf(await failureOf(controller.verified()))).to.contain('unexpected operations');
    take();
    expect(messageOf(await failureOf(controller.verified()))).to.contain('still open at');
    await controller.verified({ ignoreOpen: true });
    subscription.unsubscribe();
    await controller.verified();
  });

  for (const request of [
    prices,
    parse(prices),
    { query: prices },
    { query: parse(prices), operationName: 'Prices', variables: () => ({ symbol: 'SOL' }) },
  ])
    it(`waits for \`share: true\` and the request ${JSON.stringify(request).slice(0, 30)}`, async () => {
      const subscription = controller.subscribe$(request, { share: true }).subscribe();
      take();
      subscription.unsubscribe();
      expect(() => controller.verify()).to.throw('`share` stops an operation by a timer');
      await controller.verified();
    });

  it('is told by verify(), which lists the operations that wait for nothing else', () => {
    const [kept, open] = [shared(1_000), shared(1_000)];
    take();
    const other = follow(false, 'ETH');
    take();
    kept.unsubscribe();
    expect(() => controller.verify()).to.throw(
      [
        'verify(): still open at the server:',
        '  1: subscription Prices, variables {"symbol":"SOL"}',
        '  2: subscription Prices, variables {"symbol":"ETH"}',
        'unsubscribe in the unit',
      ].join('\n'),
    );
    open.unsubscribe();
    other.unsubscribe();
    expect(() => controller.verify()).to.throw(
      [
        'verify(): still open, because `share` stops an operation by a timer, `linger` ms after its last subscriber left:',
        '  1: subscription Prices, variables {"symbol":"SOL"}',
        'await verified(), or let their `linger` pass in fake or virtual time; else verify({ ignoreOpen: true })',
      ].join('\n'),
    );
    controller.verify({ ignoreOpen: true });
  });

  it('does not wait for operations that ended with their subscribers, nor for wrong requests', async () => {
    shared(1e9);
    take().error('no');
    shared(1e9);
    take().complete();
    controller.subscribe$(7 as never, { share: true }).subscribe({ error: () => undefined });
    await controller.verified();
  });

  it('does not wait for an operation that is lost with its connection', async () => {
    const subscription = shared(1e9);
    take();
    controller.disconnect();
    subscription.unsubscribe();
    await controller.verified();
  });

  it('fails after the timer of one, if another has a subscriber', async () => {
    const subscription = shared(5);
    take();
    follow({ linger: 5 }, 'ETH');
    take();
    subscription.unsubscribe();
    const message = messageOf(await failureOf(controller.verified()));
    expect(message).to.contain('  2: subscription Prices, variables {"symbol":"ETH"}');
    expect(message).to.not.contain('  1:');
  });

  describe('with fake timers', () => {
    let clock: SinonFakeTimers;

    beforeEach(() => {
      clock = useFakeTimers();
    });

    afterEach(() => clock.restore());

    it('resolves when they have come to the end of the longest `linger`', async () => {
      for (const linger of [500, 900]) {
        const subscription = shared(linger);
        take();
        subscription.unsubscribe();
      }
      const verified = controller.verified();
      clock.tick(900);
      await verified;
      clock.tick(1);
      expect(clock.countTimers()).to.equal(0);
    });
  });

  it('works in virtual time, and so does verify() at a later time', async () => {
    let verified: Promise<void> | undefined;
    let late = false;
    new TestScheduler(marbleEqual).run(() => {
      controller = new GraphQLSocketTestingController();
      const subscription = shared(60_000);
      timer(1).subscribe(() => {
        take();
        subscription.unsubscribe();
        expect(() => controller.verify()).to.throw('by a timer');
        verified = controller.verified();
      });
      timer(60_002).subscribe(() => {
        controller.verify();
        late = true;
      });
    });
    expect([late, await verified]).to.deep.equal([true, undefined]);
  });
});
