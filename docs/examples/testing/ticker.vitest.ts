import {
  gap,
  GraphQLSocketTestingController,
  marbleEqual,
  marbleSocket,
} from 'rx-graphql-ws/testing';
import { recover } from 'rx-graphql-ws/recovery';
import { graphqlSocket } from 'rx-graphql-ws';
import { TestScheduler } from 'rxjs/testing';
import { afterEach, expect, test, vi } from 'vitest';
import { Ticker } from './ticker.js';

afterEach(() => {
  vi.useRealTimers();
});

test('shows the latest price', () => {
  const controller = new GraphQLSocketTestingController();
  const ticker = new Ticker(controller);
  ticker.show('SOL');
  controller.expectOne('Price').next({ price: { value: 7 } });
  expect(ticker.value).toBe(7);
  ticker.destroy();
  controller.verify();
});

test('gives up a silent connection', () => {
  new TestScheduler(marbleEqual).run((helpers) => {
    const server = marbleSocket(helpers, ['oa-1-k', 'oa-1'], { 1: { data: { price: 7 } } });
    const socket = graphqlSocket({
      url: 'wss://example.org/graphql',
      subprotocols: ['graphql-ws'],
      webSocketImpl: server,
      keepAliveTimeout: 10_000,
      retry: { delay: 10 },
    });
    const prices$ = socket.subscribe$('subscription { price }');
    // activity is sampled every second: 11 s after the result, then the retry
    helpers.expectObservable(prices$, '^ 15s !').toBe('---p 11012ms p', { p: { price: 7 } });
  });
});

test("needs no more than Vitest's fake timers", () => {
  vi.useFakeTimers();
  const controller = new GraphQLSocketTestingController();
  const subscription = controller.subscribe$('subscription { price }').subscribe();
  const operation = controller.expectOne('subscription { price }');
  subscription.unsubscribe();
  operation.expectUnsubscribed();
  vi.runAllTimers();
  controller.verify();
  expect(vi.getTimerCount()).toBe(0);
});

test('shows where prices may be missing', () => {
  const controller = new GraphQLSocketTestingController();
  const seen: unknown[] = [];
  const price$ = recover(controller, 'subscription Price { price }');
  const subscription = price$.subscribe((item) => seen.push(item));
  controller.expectOne('Price').next({ price: 7 });
  controller.disconnect();
  controller.reconnect();
  controller.expectOne('Price').next({ price: 8 });
  expect(seen).toEqual([{ price: 7 }, gap(), { price: 8 }]);
  expect(seen).not.toEqual([{ price: 7 }, gap({ until: 0 }), { price: 8 }]);
  subscription.unsubscribe();
  controller.verify();
});
