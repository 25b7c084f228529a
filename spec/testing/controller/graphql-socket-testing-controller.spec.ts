import { inspect } from 'node:util';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { GraphQLSocket, GraphQLSocketConfig, SocketEvent } from 'rx-graphql-ws';
import { ConfigurationError } from 'rx-graphql-ws';
import { GraphQLSocketTestingController } from 'rx-graphql-ws/testing';
import { limitDocument, type Price, PriceService } from './unit.js';

for (const subprotocol of ['graphql-transport-ws', 'graphql-ws'])
  describe(`GraphQLSocketTestingController on ${subprotocol}`, () => {
    let controller: GraphQLSocketTestingController;
    let service: PriceService;
    const state = () => {
      let latest: unknown;
      controller.status$.subscribe((status) => (latest = status.state)).unsubscribe();
      return latest;
    };

    beforeEach(() => {
      controller = new GraphQLSocketTestingController({ subprotocols: [subprotocol] });
      service = new PriceService(controller);
    });

    afterEach(() => {
      service.destroy();
      controller.verify();
      controller.close();
    });

    it('shows an operation, and answers at once', () => {
      service.start('SOL');
      const operation = controller.expectOne<Price>('Prices');
      expect(operation.id).to.equal('1');
      expect(operation.request.variables).to.deep.equal({ symbol: 'SOL' });
      operation.next({ price: 7 });
      operation.next({ price: 8 });
      expect(service.seen).to.deep.equal([7, 8]);
    });

    it('follows a switchMap', () => {
      service.start('SOL');
      const first = controller.expectOne('Prices');
      expect(first.unsubscribed).to.equal(false);
      service.show('ETH');
      first.expectUnsubscribed();
      expect(first.unsubscribed).to.equal(true);
      const second = controller.expectOne<Price>('Prices');
      expect(second.request.variables).to.deep.equal({ symbol: 'ETH' });
      second.next({ price: 3 });
      expect(service.seen).to.deep.equal([3]);
    });

    it('answers a query, with complete() or without', async () => {
      const limits = [service.limit(), service.limit()];
      const [first, second] = controller.match(limitDocument);
      first!.next({ limit: 1 });
      second!.next({ limit: 2 });
      second!.complete();
      expect(await Promise.all(limits)).to.deep.equal([{ limit: 1 }, { limit: 2 }]);
    });

    it('answers a mutation', async () => {
      const order = service.order(5);
      controller.expectOne({ variables: { amount: 5 } }).result({ data: { order: { id: 'a' } } });
      expect(await order).to.deep.equal({ order: { id: 'a' } });
    });

    it('sends whole results, also incremental ones', () => {
      const results: unknown[] = [];
      controller.execute$('query Whole { a }').subscribe((result) => results.push(result));
      const operation = controller.expectOne('Whole');
      const sent = [{ data: { a: 1 }, hasNext: true }, { errors: [new Error('no b')] }];
      for (const result of sent) operation.result(result);
      expect(results).to.deep.equal([sent[0], { errors: [{ message: 'no b' }] }]);
    });

    it('ends operations, with errors, with a message, or without', () => {
      const ends: unknown[] = [];
      const failure = Object.assign(new Error('refused'), { extensions: { code: 'NO' } });
      for (const error of ['refused', [failure], undefined]) {
        controller.subscribe$('subscription Short { a }').subscribe({
          error: (error: Error) => ends.push(error),
          complete: () => ends.push('complete'),
        });
        const operation = controller.expectOne('Short');
        if (error) operation.error(error);
        else operation.complete();
      }
      const refused = 'OperationError: operation failed: refused';
      expect(ends.map(String)).to.deep.equal([refused, refused, 'complete']);
      const errors = [{ message: 'refused', extensions: { code: 'NO' } }];
      expect(ends[1]).to.have.deep.property('errors', errors);
    });

    it('loses the connection, and gets the operations again after reconnect()', () => {
      service.start('SOL');
      const before = controller.expectOne<Price>('Prices');
      controller.disconnect();
      expect([state(), service.stale, before.unsubscribed]).to.deep.equal(['waiting', true, false]);
      controller.reconnect();
      expect([state(), service.stale]).to.deep.equal(['connected', false]);
      const again = controller.expectOne<Price>('Prices');
      expect(again.id).to.equal('2');
      again.next({ price: 9 });
      expect(service.seen).to.deep.equal([9]);
    });

    it('is left by a unit that reconnects, and gets the operations again', async () => {
      const { reconnect } = controller;
      service.start('SOL');
      const before = controller.expectOne<Price>('Prices');
      const order = service.order(5).catch((error: unknown) => error);
      reconnect({ code: 4001, reason: 'login' });
      expect(await order).to.have.property('name', 'ConnectionLostError');
      expect([state(), before.unsubscribed]).to.deep.equal(['connected', false]);
      expect(() => before.next({ price: 1 })).to.throw('was lost with its connection');
      controller.expectNone('Order');
      controller.expectOne<Price>('Prices').next({ price: 9 });
      expect(service.seen).to.deep.equal([9]);
      expect(() => reconnect({ code: 1001 })).to.throw('expected `code`');
    });

    it('forgets operations that were lost before the test expected them', () => {
      service.start('SOL');
      controller.disconnect();
      controller.reconnect();
      expect(controller.expectOne('Prices').id).to.equal('2');
    });

    it('loses it any number of times, subscribed or not', () => {
      service.start('SOL');
      for (let price = 1; price <= 50; price += 1) {
        controller.expectOne<Price>('Prices').next({ price });
        controller.disconnect({ code: price % 2 ? 1006 : 1012 });
        controller.reconnect();
      }
      expect(service.seen).to.have.length(50);
      controller.expectOne('Prices');
      service.destroy();
      for (let time = 1; time <= 50; time += 1) {
        controller.disconnect();
        controller.reconnect();
        const again = new PriceService(controller);
        again.start('ETH');
        controller.expectOne('Prices');
        again.destroy();
      }
    });

    it('connects again after a final close, for a new subscription', () => {
      for (let time = 1; time <= 5; time += 1) {
        const unit = new PriceService(controller);
        unit.start('SOL');
        controller.expectOne('Prices');
        controller.disconnect({ code: 4403 });
        expect([unit.failure, state()]).to.have.nested.property('[0].code', 4403);
        unit.destroy();
        controller.reconnect();
      }
    });

    it('loses an open mutation, but no answered query', async () => {
      const order = service.order(5).catch((error: unknown) => error);
      controller.expectOne('Order');
      const limit = service.limit();
      controller.expectOne(limitDocument).next({ limit: 1 });
      controller.disconnect();
      expect(await order).to.have.property('name', 'ConnectionLostError');
      expect(await limit).to.deep.equal({ limit: 1 });
      controller.reconnect();
      controller.expectNone('Order');
    });

    it('closes with a code and a reason', () => {
      service.start('SOL');
      controller.expectOne('Prices');
      const close = { code: 4401, reason: 'expired' };
      controller.disconnect(close);
      expect(service.failure).to.include({ name: 'ConnectionClosedError', ...close });
      expect(state()).to.equal('failed');
    });

    it('can be down from the start', () => {
      controller.disconnect();
      service.start('SOL');
      controller.expectNone(/./);
      expect(state()).to.equal('connecting');
      controller.reconnect();
      controller.expectOne('Prices');
    });

    it('is a socket object with members that need no `this`', () => {
      const socket: GraphQLSocket = controller;
      const { subscribe$, query$, mutate$, execute$, payload$, connection$, events$ } = socket;
      const events: SocketEvent[] = [];
      events$.subscribe((event) => events.push(event));
      let connected: unknown;
      connection$.subscribe((value) => (connected = value.subprotocol));
      const texts: unknown[] = [];
      payload$('subscription E { e }').subscribe(({ text }) => texts.push(text));
      controller.expectOne('E').next({ e: 1 });
      expect([connected, texts]).to.deep.equal([subprotocol, ['{"data":{"e":1}}']]);
      for (const [method, query] of [
        [subscribe$, 'subscription A { a }'],
        [query$, 'query B { b }'],
        [mutate$, 'mutation C { c }'],
        [execute$, 'query D { d }'],
      ] as const)
        method(query).subscribe({ error: () => undefined });
      expect(controller.match(/./)).to.have.length(4);
      controller[Symbol.dispose]();
      expect(events.at(-1)).to.include({ type: 'closed', code: 1000 });
    });

    it('has told the server and closed the socket when close() returns', () => {
      const states: string[] = [];
      controller.status$.subscribe({
        next: (status) => states.push(status.state),
        complete: () => states.push('complete'),
      });
      service.start('SOL');
      const operation = controller.expectOne('Prices');
      controller.close();
      operation.expectUnsubscribed();
      const expected = ['idle', 'connecting', 'connected', 'closed', 'complete'];
      expect(states).to.deep.equal(expected);
    });
  });

describe('the configuration of GraphQLSocketTestingController', () => {
  const subscribeTo = (controller: GraphQLSocketTestingController) => {
    let failure: unknown;
    controller.subscribe$('subscription A { a }').subscribe({
      error: (error: unknown) => (failure = error),
    });
    return () => failure;
  };

  it('is optional, also for an injector without decorators', () => {
    expect(GraphQLSocketTestingController).to.have.length(0);
  });

  it('may be that of an application', () => {
    let id = 0;
    const unread = () => {
      throw new Error('the controller uses no codec of an application');
    };
    const controller = new GraphQLSocketTestingController({
      url: () => 'wss://example.org/graphql',
      subprotocols: ['bearer-secret', 'graphql-ws'],
      connectionParams: () => ({ token: 'secret' }),
      generateId: () => `id-${(id += 1)}`,
      retry: { count: 1, delay: 60_000 },
      codecs: [{ subprotocol: 'graphql-ws', canPing: false, encode: unread, decode: unread }],
    });
    subscribeTo(controller);
    expect(controller.expectOne('A').id).to.equal('id-1');
    controller.disconnect();
    controller.reconnect();
    expect(controller.expectOne('A').id).to.equal('id-2');
    controller.close();
  });

  for (const retry of [false, { count: 0 }, { shouldRetry: () => false }] as const)
    it(`obeys retry: ${inspect(retry)}`, () => {
      const controller = new GraphQLSocketTestingController({ retry });
      const failure = subscribeTo(controller);
      controller.disconnect();
      expect(failure()).to.include({ name: 'ConnectionClosedError', code: 1006 });
    });

  it('may have an instance of a class, or undefined, as `retry`', () => {
    class Retry {
      readonly resetAfter = 1;
    }
    for (const retry of [new Retry(), undefined] as const)
      new GraphQLSocketTestingController({ retry }).close();
  });

  it('gives new credentials after a refusal', () => {
    const asked: unknown[] = [];
    const controller = new GraphQLSocketTestingController({
      connectionParams: ({ error }) => {
        asked.push(error?.name);
        return {};
      },
    });
    subscribeTo(controller);
    controller.expectOne('A');
    controller.disconnect({ code: 4403 });
    controller.reconnect();
    controller.expectOne('A').complete();
    expect(asked).to.deep.equal([undefined, 'ConnectionClosedError']);
    controller.close();
  });

  for (const config of [
    ...[{ retry: 3 }, { retry: true }, { retry: [] }, { retry: null }, { retry: { delays: 1 } }],
    ...[{ urls: 'ws://x' }, { linger: -1 }, 3, null, 'ws://x'],
  ])
    it(`is refused: ${JSON.stringify(config)}`, () => {
      const given = config as Partial<GraphQLSocketConfig>;
      expect(() => new GraphQLSocketTestingController(given)).to.throw(ConfigurationError);
    });
});
