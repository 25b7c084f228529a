import './load-zone.js';
import { testBed } from './test-bed.js';
import { ApplicationRef, Component, computed, NgZone } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { GraphQLSocket } from 'rx-graphql-ws';
import {
  GRAPHQL_SOCKET,
  injectSubscription,
  outsideZone,
  provideGraphQLSocket,
} from 'rx-graphql-ws/angular';
import type { FakePeer } from 'rx-graphql-ws/testing';
import { fakeSocket } from 'rx-graphql-ws/testing';
import {
  concat,
  EMPTY,
  NEVER,
  Observable,
  of,
  range,
  take,
  throwError,
  timeout,
  timer,
} from 'rxjs';
import { eventually } from '../helpers/eventually.js';
import { useServer } from '../helpers/use-server.js';

const isInside = () => NgZone.isInAngularZone();

/** Subscribes, and writes down what comes, and whether it came inside. */
function record(source$: Observable<unknown>) {
  const seen: [string, boolean][] = [];
  const note = (what: string) => () => seen.push([what, isInside()]);
  const subscription = source$.subscribe({
    next: (value) => note(JSON.stringify(value))(),
    error: note('error'),
    complete: note('complete'),
  });
  return Object.assign(seen, { unsubscribe: () => subscription.unsubscribe() });
}

describe('with zone.js', () => {
  const serve = useServer();
  let dials: boolean[];
  let zone: NgZone;
  let socket: GraphQLSocket;
  let peer: () => FakePeer;
  /** How often Angular was told to look for changes. */
  let checks: number;

  beforeEach(() => {
    dials = [];
    const webSocketImpl = fakeSocket({ dialled: () => dials.push(isInside()) });
    const config = { url: 'wss://example.org/graphql', webSocketImpl };
    testBed(provideGraphQLSocket(config));
    zone = TestBed.inject(NgZone);
    socket = TestBed.inject(GRAPHQL_SOCKET);
    peer = () => webSocketImpl.peer;
    checks = 0;
    zone.onMicrotaskEmpty.subscribe(() => (checks += 1));
  });

  afterEach(() => {
    TestBed.resetTestingModule();
  });

  const connect = () => {
    peer().open();
    peer().ack();
  };

  it('a stream delivers inside if it was subscribed inside, else outside', () => {
    const inside = zone.run(() => record(socket.subscribe$('subscription { a }')));
    const outside = record(socket.subscribe$('subscription { a }'));
    connect();
    for (const operation of [1, 2]) {
      peer().next(operation, 1);
      peer().complete(operation);
    }
    expect(inside).to.deep.equal([
      ['1', true],
      ['complete', true],
    ]);
    expect(outside).to.deep.equal([
      ['1', false],
      ['complete', false],
    ]);
  });

  it('so do operations that are shared, and values that are replayed', () => {
    const price$ = socket.subscribe$('subscription { a }', { share: { replay: 1 } });
    const outside = record(price$);
    const inside = zone.run(() => record(price$));
    connect();
    expect(peer().operations).to.have.length(1);
    peer().next(1, 1);
    const late = zone.run(() => record(price$));
    expect([outside, inside, late]).to.deep.equal([[['1', false]], [['1', true]], [['1', true]]]);
  });

  it('so do errors, the status and the events', () => {
    const status = zone.run(() => record(socket.status$));
    const events = zone.run(() => record(socket.events$));
    const inside = zone.run(() => record(socket.subscribe$('subscription { a }')));
    connect();
    peer().error(1, [{ message: 'no' }]);
    expect(inside).to.deep.equal([['error', true]]);
    for (const seen of [status, events]) {
      expect(seen).to.have.length.above(2);
      expect(seen.map(([, where]) => where)).to.not.include(false);
    }
  });

  it('dials and keeps its timers outside, and a stream that is open leaves the application stable', async () => {
    const app = TestBed.inject(ApplicationRef);
    const price = zone.run(() => record(socket.subscribe$('subscription { a }')));
    expect(dials).to.deep.equal([false]);
    connect();
    expect(zone.hasPendingMacrotasks).to.equal(false);
    await app.whenStable();
    zone.run(() => {
      price.unsubscribe();
    });
    // the close under way has a time limit
    expect(zone.hasPendingMacrotasks).to.equal(false);
    await app.whenStable();
  });

  it('close() works outside', () => {
    zone.run(() => record(socket.subscribe$('subscription { a }')));
    connect();
    zone.run(() => {
      socket.close();
    });
    expect(zone.hasPendingMacrotasks).to.equal(false);
  });

  it('frames that reach no subscriber cause no change detection; each value causes one', () => {
    zone.run(() => record(socket.subscribe$('subscription { a }')));
    const left = record(socket.subscribe$('subscription { b }'));
    checks = 0;
    connect();
    peer().ping();
    left.unsubscribe();
    peer().next(2, 1);
    expect(checks).to.equal(0);
    peer().next(1, 1);
    expect(checks).to.equal(1);
  });

  it('to unsubscribe causes no change detection by itself', () => {
    const price = zone.run(() => record(socket.subscribe$('subscription { a }')));
    checks = 0;
    price.unsubscribe();
    expect(checks).to.equal(0);
  });

  it('injectSubscription() renders many values at once', async () => {
    let renders = 0;
    @Component({ selector: 'app-root', template: '{{ shown() }}' })
    class App {
      readonly price = injectSubscription<number>(() => 'subscription { a }');
      readonly shown = computed(() => {
        renders += 1;
        return this.price.value();
      });
    }
    const fixture = TestBed.createComponent(App);
    fixture.autoDetectChanges();
    connect();
    await fixture.whenStable();
    renders = checks = 0;
    const frame = setTimeout(() => {
      for (let value = 1; value <= 20; value += 1) peer().next(1, value);
      expect(checks).to.equal(0);
    });
    await eventually(() => {
      expect((fixture.nativeElement as HTMLElement).textContent).to.equal('20');
    });
    clearTimeout(frame);
    expect(renders).to.equal(1);
    expect(zone.hasPendingMacrotasks).to.equal(false);
  });

  it('holds over real sockets, through a loss', async () => {
    const server = await serve({
      handle: () => concat(of({ data: 1 }), NEVER),
      subprotocols: ['graphql-ws'],
      keepAlive: 5,
    });
    TestBed.resetTestingModule();
    testBed(provideGraphQLSocket({ url: server.url, retry: { delay: 20 } }));
    const inner = TestBed.inject(NgZone);
    let ticks = 0;
    inner.onMicrotaskEmpty.subscribe(() => (ticks += 1));
    const real = TestBed.inject(GRAPHQL_SOCKET);
    const price = inner.run(() => record(real.subscribe$('subscription { a }')));
    ticks = 0;
    for (const count of [1, 2]) {
      await eventually(() => {
        expect(price).to.deep.equal(new Array(count).fill(['1', true]));
      });
      expect(inner.hasPendingMacrotasks).to.equal(false);
      server.drop();
    }
    // heartbeats of the server, the loss and the dial caused none
    expect(ticks).to.equal(2);
    price.unsubscribe();
  });

  describe('outsideZone()', () => {
    it('runs the timers before it outside, and delivers inside', async () => {
      const inside = zone.run(() =>
        record(timer(0).pipe(timeout({ each: 60_000, with: () => EMPTY }), outsideZone())),
      );
      expect(zone.hasPendingMacrotasks).to.equal(false);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(inside).to.deep.equal([
        ['0', true],
        ['complete', true],
      ]);
    });

    it('without it the timers before are inside', () => {
      const price = zone.run(() => record(NEVER.pipe(timeout(60_000))));
      expect(zone.hasPendingMacrotasks).to.equal(true);
      price.unsubscribe();
    });

    it('tears down outside', () => {
      const where: boolean[] = [];
      const source$ = new Observable(() => () => where.push(isInside()));
      const price = zone.run(() => record(source$.pipe(outsideZone())));
      zone.run(() => {
        price.unsubscribe();
      });
      expect(where).to.deep.equal([false]);
    });

    it('delivers errors inside, and outside what is subscribed outside', () => {
      const fail$ = throwError(() => new Error('no')).pipe(outsideZone());
      expect(zone.run(() => record(fail$))).to.deep.equal([['error', true]]);
      expect(record(fail$)).to.deep.equal([['error', false]]);
      expect(record(of(1).pipe(outsideZone()))).to.deep.equal([
        ['1', false],
        ['complete', false],
      ]);
    });

    it('leaves a source that emits at once and without end', () => {
      const endless$ = range(0, Infinity).pipe(outsideZone(), take(1));
      expect(zone.run(() => record(endless$))).to.deep.equal([
        ['0', true],
        ['complete', true],
      ]);
    });
  });
});
