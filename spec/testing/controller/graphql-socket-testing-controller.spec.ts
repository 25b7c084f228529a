import { inspect } from 'node:util';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { GraphQLSocket, SocketEvent } from 'rx-graphql-ws';
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

    it('shows what is sent, and answers at once', () => {
      service.start('SOL');
      const operation = controller.expectOne<Price>('Prices');
      expect(operation.id).to.equal('1');
      expect(operation.request.variables).to.deep.equal({ symbol: 'SOL' });
      operation.next({ price: 7 });
      operation.next({ price: 8 });
      expect(service.seen).to.deep.equal([7, 8]);
    });

    it('tells whether unsubscribing has reached the server', () => {
      service.start('SOL');
      const operation = controller.expectOne('Prices');
      expect(operation.unsubscribed).to.equal(false);
      service.destroy();
      expect(operation.unsubscribed).to.equal(true);
      operation.expectUnsubscribed();
    });

    it('follows a switchMap', () => {
      service.start('SOL');
      const first = controller.expectOne('Prices');
      service.show('ETH');
      first.expectUnsubscribed();
      const second = controller.expectOne<Price>('Prices');
      expect(second.request.variables).to.deep.equal({ symbol: 'ETH' });
      second.next({ price: 3 });
      expect(service.seen).to.deep.equal([3]);
    });

    it('answers a query, without a complete() too', async () => {
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

    it('sends whole results, incremental ones too', () => {
      const results: unknown[] = [];
      controller.execute$('query Whole { a }').subscribe((result) => results.push(result));
      const operation = controller.expectOne('Whole');
      const sent = [{ data: { a: 1 }, hasNext: true }, { errors: [{ message: 'no b' }] }];
      for (const result of sent) operation.result(result);
      expect(results).to.deep.equal(sent);
      operation.complete();
    });

    it('fails operations, with errors or their message', () => {
      const failures: unknown[] = [];
      for (const error of ['refused', [{ message: 'refused', extensions: { code: 'NO' } }]]) {
        controller.subscribe$('subscription Refused { a }').subscribe({
          error: (failure: unknown) => failures.push(failure),
        });
        controller.expectOne('Refused').error(error);
      }
      expect(failures.map(String)).to.deep.equal(
        Array(2).fill('OperationError: operation failed: refused'),
      );
      expect(failures[1]).to.have.deep.property('errors', [
        { message: 'refused', extensions: { code: 'NO' } },
      ]);
    });

    it('completes operations', () => {
      let completed = false;
      controller.subscribe$('subscription Short { a }').subscribe({
        complete: () => (completed = true),
      });
      controller.expectOne('Short').complete();
      expect(completed).to.equal(true);
    });

    it('loses the connection, and sends operations again when it is back', () => {
      service.start('SOL');
      const before = controller.expectOne<Price>('Prices');
      controller.disconnect();
      expect(state()).to.equal('waiting');
      expect(service.stale).to.equal(true);
      expect(before.unsubscribed).to.equal(false);

      controller.reconnect();
      expect(state()).to.equal('connected');
      expect(service.stale).to.equal(false);
      const again = controller.expectOne<Price>('Prices');
      expect(again.id).to.equal('2');
      again.next({ price: 9 });
      expect(service.seen).to.deep.equal([9]);
    });

    it('forgets what was lost before it was expected', () => {
      service.start('SOL');
      controller.disconnect();
      controller.reconnect();
      expect(controller.expectOne('Prices').id).to.equal('2');
    });

    it('loses a mutation', async () => {
      const order = service.order(5).catch((error: unknown) => error);
      controller.expectOne('Order');
      controller.disconnect();
      expect(await order).to.have.property('name', 'ConnectionLostError');
      controller.reconnect();
      controller.expectNone('Order');
    });

    it('keeps a query that was answered from being lost', async () => {
      const limit = service.limit();
      const operation = controller.expectOne(limitDocument);
      operation.next({ limit: 1 });
      controller.disconnect();
      expect(await limit).to.deep.equal({ limit: 1 });
    });

    it('closes with a code and a reason', () => {
      service.start('SOL');
      controller.expectOne('Prices');
      controller.disconnect({ code: 4401, reason: 'expired' });
      expect(service.failure).to.include({
        name: 'ConnectionClosedError',
        code: 4401,
        reason: 'expired',
      });
      expect(state()).to.equal('failed');
    });

    it('is down from the start, if told so', () => {
      controller.disconnect();
      service.start('SOL');
      controller.expectNone(/./);
      expect(state()).to.equal('connecting');
      controller.reconnect();
      controller.expectOne('Prices');
    });

    it('is itself the socket, whose members may be passed around', () => {
      const socket: GraphQLSocket = controller;
      const { subscribe$, query$, mutate$, execute$, payload$, connection$, events$ } = socket;
      const events: SocketEvent[] = [];
      events$.subscribe((event) => events.push(event));
      let connected: unknown;
      const connection = connection$.subscribe((value) => (connected = value.subprotocol));
      controller.expectNone(/./);
      expect(connected).to.equal(subprotocol);
      const texts: unknown[] = [];
      payload$('subscription E { e }').subscribe(({ text }) => texts.push(text));
      controller.expectOne('E').next({ e: 1 });
      controller.match('E');
      expect(texts).to.deep.equal(['{"data":{"e":1}}']);
      subscribe$('subscription A { a }').subscribe();
      query$('query B { b }').subscribe({ error: () => undefined });
      mutate$('mutation C { c }').subscribe({ error: () => undefined });
      execute$('query D { d }').subscribe({ error: () => undefined });
      expect(controller.match(/./)).to.have.length(4);
      connection.unsubscribe();
      controller[Symbol.dispose]();
      expect(events.at(-1)).to.include({ type: 'closed', code: 1000 });
    });

    it('has told the server and closed the socket when close() returns', () => {
      const states: string[] = [];
      let ended = false;
      controller.status$.subscribe({
        next: (status) => states.push(status.state),
        complete: () => (ended = true),
      });
      service.start('SOL');
      const operation = controller.expectOne('Prices');
      controller.close();
      operation.expectUnsubscribed();
      expect(states).to.deep.equal(['idle', 'connecting', 'connected', 'closed']);
      expect(ended).to.equal(true);
    });
  });

describe('GraphQLSocketTestingController', () => {
  it('is made by an injector that knows no decorators', () => {
    expect(GraphQLSocketTestingController).to.have.length(0);
  });

  it('takes the configuration of an application', () => {
    let id = 0;
    const unread = () => {
      throw new Error('no codec of an application is used');
    };
    const controller = new GraphQLSocketTestingController({
      url: () => 'wss://example.org/graphql',
      subprotocols: ['bearer-secret', 'graphql-ws'],
      connectionParams: () => ({ token: 'secret' }),
      generateId: () => `id-${(id += 1)}`,
      pingInterval: 1_000,
      keepAliveTimeout: 5_000,
      retry: { count: 1, delay: 60_000 },
      codecs: [{ subprotocol: 'graphql-ws', canPing: false, encode: unread, decode: unread }],
    });
    controller.subscribe$('subscription A { a }').subscribe();
    expect(controller.expectOne('A').id).to.equal('id-1');
    controller.disconnect();
    controller.reconnect();
    expect(controller.expectOne('A').id).to.equal('id-2');
    controller.close();
  });

  it('speaks the current protocol with those that offer none of ours', () => {
    const controller = new GraphQLSocketTestingController({ subprotocols: ['bearer-secret'] });
    controller.subscribe$('subscription A { a }').subscribe();
    controller.expectOne('A').complete();
    controller.verify();
    controller.close();
  });

  for (const retry of [false, { count: 0 }, { shouldRetry: () => false }] as const)
    it(`keeps to retry: ${inspect(retry)}`, () => {
      const controller = new GraphQLSocketTestingController({ retry });
      let failure: unknown;
      controller.subscribe$('subscription A { a }').subscribe({
        error: (error: unknown) => (failure = error),
      });
      controller.disconnect();
      expect(failure).to.include({ name: 'ConnectionClosedError', code: 1006 });
    });

  it('throws what graphqlSocket throws of an option', () => {
    const make = () => new GraphQLSocketTestingController({ linger: -1 });
    expect(make).to.throw('expected `linger` to be');
  });

  it('asks for fresh credentials, and is let in with them', () => {
    const asked: unknown[] = [];
    const controller = new GraphQLSocketTestingController({
      connectionParams: ({ error }) => {
        asked.push(error?.name);
        return {};
      },
    });
    controller.subscribe$('subscription A { a }').subscribe();
    controller.expectOne('A');
    controller.disconnect({ code: 4403 });
    controller.reconnect();
    controller.expectOne('A').complete();
    expect(asked).to.deep.equal([undefined, 'ConnectionClosedError']);
    controller.close();
  });
});
