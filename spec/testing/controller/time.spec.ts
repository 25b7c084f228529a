import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { map } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { GraphQLSocketTestingController, marbleEqual } from 'rx-graphql-ws/testing';
import { type SinonFakeTimers, useFakeTimers } from 'sinon';
import { type Price, PriceService } from './unit.js';

describe('GraphQLSocketTestingController and time', () => {
  describe('in TestScheduler.run', () => {
    it('answers from marbles', () => {
      new TestScheduler(marbleEqual).run(({ cold, expectObservable }) => {
        const controller = new GraphQLSocketTestingController();
        const service = new PriceService(controller);
        const acts = {
          s: () => service.show('SOL'),
          1: () => controller.expectOne<Price>('Prices').next({ price: 1 }),
          x: () => controller.disconnect(),
          r: () => controller.reconnect(),
          d: () => controller.verify({ ignoreOpen: true }),
        };
        cold<keyof typeof acts>('-s-1-x-r-1-d').subscribe((act) => acts[act]());
        expectObservable(service.price$, '^ 20ms !').toBe('   ---a-----a', { a: 1 });
      });
    });

    it('connects by itself within the frame', () => {
      new TestScheduler(marbleEqual).run(({ expectObservable }) => {
        const controller = new GraphQLSocketTestingController();
        const states = { i: 'idle', o: 'connecting', c: 'connected' };
        const state$ = controller.status$.pipe(map(({ state }) => state));
        expectObservable(controller.connection$.pipe(map(() => 'c')), '--^---!').toBe('--c');
        expectObservable(state$, '-^').toBe('-i(oc)i', states);
      });
    });
  });

  it('connects by itself in a microtask', async () => {
    const controller = new GraphQLSocketTestingController();
    const states: string[] = [];
    controller.status$.subscribe(({ state }) => states.push(state));
    controller.connection$.subscribe();
    expect(states.at(-1)).to.equal('connecting');
    await Promise.resolve();
    expect(states.at(-1)).to.equal('connected');
    controller.close();
    expect(states.at(-1)).to.equal('closed');
  });

  describe('with fake timers', () => {
    let clock: SinonFakeTimers;
    let controller: GraphQLSocketTestingController;
    let service: PriceService;

    beforeEach(() => {
      clock = useFakeTimers();
      controller = new GraphQLSocketTestingController();
      service = new PriceService(controller);
    });

    afterEach(() => clock.restore());

    it('leaves no timer behind a result, also with the deadlines of an application', () => {
      controller = new GraphQLSocketTestingController({
        connectTimeout: 10_000,
        keepAliveTimeout: 5_000,
        pingInterval: 1_000,
      });
      service = new PriceService(controller);
      controller.disconnect();
      service.start('SOL');
      expect(clock.countTimers()).to.equal(0);
      controller.reconnect();
      controller.expectOne<Price>('Prices').next({ price: 1 });
      expect(clock.countTimers()).to.equal(0);
      controller.disconnect();
      expect(clock.countTimers()).to.equal(0);
    });

    it('leaves one of 0 ms behind the last unsubscription, which closes the socket', () => {
      service.start('SOL');
      controller.expectOne<Price>('Prices').next({ price: 1 });
      const states: string[] = [];
      controller.status$.subscribe(({ state }) => states.push(state));
      service.destroy();
      expect([states, clock.countTimers()]).to.deep.equal([['connected'], 1]);
      clock.tick(0);
      expect([states, clock.countTimers()]).to.deep.equal([['connected', 'idle'], 0]);
    });

    for (const end of ['subscribed', 'unsubscribed', 'down', 'unexpected'])
      it(`leaves at most one of 0 ms behind close(), ${end}`, () => {
        service.start('SOL');
        if (end !== 'unexpected') controller.expectOne('Prices');
        if (end === 'unsubscribed') service.destroy();
        if (end === 'down') controller.disconnect();
        controller.close();
        clock.tick(0);
        expect(clock.countTimers()).to.equal(0);
      });
  });
});
