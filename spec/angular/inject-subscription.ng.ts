import { testBed } from './test-bed.js';
import type { Signal } from '@angular/core';
import { Component, InjectionToken, Injector, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { GraphQLSocket, TypedDocument } from 'rx-graphql-ws';
import type { InjectSubscriptionOptions, SubscriptionSignals } from 'rx-graphql-ws/angular';
import { injectSubscription, withToken } from 'rx-graphql-ws/angular';
import { controllerOf, provideGraphQLSocketTesting } from 'rx-graphql-ws/angular/testing';
import { GraphQLSocketTestingController } from 'rx-graphql-ws/testing';
import { useFakeTimers } from 'sinon';

const query = 'subscription Price($symbol: String!) { price(symbol: $symbol) }';
const PRICES = new InjectionToken<GraphQLSocket>('PRICES');
interface Data {
  readonly price: number;
}

describe('injectSubscription', () => {
  let controller: GraphQLSocketTestingController;

  beforeEach(() => {
    testBed(provideGraphQLSocketTesting(), provideGraphQLSocketTesting({}, withToken(PRICES)));
    controller = TestBed.inject(GraphQLSocketTestingController);
  });

  afterEach(() => {
    TestBed.resetTestingModule();
  });

  type Request = Parameters<typeof injectSubscription<Data>>[0];

  /** Subscribes as a service does, and lets Angular work. */
  function open(request: Request, options?: InjectSubscriptionOptions): SubscriptionSignals<Data> {
    const signals = TestBed.runInInjectionContext(() => injectSubscription<Data>(request, options));
    TestBed.tick();
    return signals;
  }
  const prices = (symbol: Signal<string>) => () => ({ query, variables: { symbol: symbol() } });
  const sol = { operationName: 'Price', variables: { symbol: 'SOL' } };
  const eth = { operationName: 'Price', variables: { symbol: 'ETH' } };
  const all = ({ value, error, status, stale }: SubscriptionSignals<Data>) => ({
    value: value(),
    error: error(),
    status: status(),
    stale: stale(),
  });
  const nothing = { value: undefined, error: undefined, stale: false };

  it('has the values of a subscription, and says whether they are live', () => {
    const price = open(prices(signal('SOL')));
    expect(all(price)).to.deep.equal({ ...nothing, status: 'pending' });
    controller.expectOne(sol).next({ price: 7 });
    const seven = { ...nothing, value: { price: 7 } };
    expect(all(price)).to.deep.equal({ ...seven, status: 'live' });
    controller.disconnect();
    expect(all(price)).to.deep.equal({ ...seven, status: 'disconnected', stale: true });
    controller.reconnect();
    expect(all(price)).to.deep.equal({ ...seven, status: 'stale', stale: true });
    const again = controller.expectOne(sol);
    again.next({ price: 8 });
    expect(all(price)).to.deep.equal({ ...nothing, value: { price: 8 }, status: 'live' });
    again.complete();
    expect(all(price)).to.deep.equal({ ...nothing, value: { price: 8 }, status: 'completed' });
  });

  it('is stale when nothing came for `staleAfter` ms', () => {
    const clock = useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const price = open(prices(signal('SOL')), { staleAfter: 1_000 });
      controller.expectOne(sol).next({ price: 7 });
      clock.tick(999);
      expect(price.stale()).to.equal(false);
      clock.tick(1);
      expect(price.stale()).to.equal(true);
    } finally {
      clock.restore();
    }
  });

  it('subscribes anew when the request changes, and clears the value', () => {
    const symbol = signal('SOL');
    const price = open(prices(symbol));
    const old = controller.expectOne(sol);
    old.next({ price: 7 });
    symbol.set('ETH');
    // before Angular has run the effect
    expect(all(price)).to.deep.equal({ ...nothing, status: 'pending' });
    old.next({ price: 8 });
    expect(price.value()).to.equal(undefined);
    TestBed.tick();
    old.expectUnsubscribed();
    expect(price.value()).to.equal(undefined);
    controller.expectOne(eth).next({ price: 4 });
    expect(price.value()).to.deep.equal({ price: 4 });
  });

  it('keeps the value until the next with `keepPrevious`', () => {
    const symbol = signal('SOL');
    const price = open(prices(symbol), { keepPrevious: true });
    controller.expectOne(sol).next({ price: 7 });
    symbol.set('ETH');
    TestBed.tick();
    expect(all(price)).to.deep.equal({ ...nothing, value: { price: 7 }, status: 'pending' });
    controller.expectOne(eth).next({ price: 4 });
    expect(price.value()).to.deep.equal({ price: 4 });
  });

  const map = new Map();
  const bare = () => Object.create(null) as object;
  for (const [what, one, other, same] of [
    ['variables', { a: { b: [1, 'x', null] } }, { a: { b: [1, 'x', null] } }, true],
    ['variables in any order', { a: 1, b: 2 }, { b: 2, a: 1 }, true],
    ['dates', { at: new Date(5) }, { at: new Date(5) }, true],
    ['objects without a prototype', { a: bare() }, { a: bare() }, true],
    ['identical objects of other classes', { map }, { map }, true],
    ['other dates', { at: new Date(5) }, { at: new Date(6) }, false],
    ['other objects of other classes', { map }, { map: new Map() }, false],
    ['a further variable', { a: 1 }, { a: 1, b: 2 }, false],
    ['a variable of another name', { a: undefined }, { b: undefined }, false],
    ['a list in place of an object', { a: ['x'] }, { a: { 0: 'x' } }, false],
    ['another function', { a: () => 1 }, { a: () => 1 }, false],
  ] as const)
    it(`${same ? 'keeps' : 'replaces'} the operation for ${what}`, () => {
      const variables = signal<object>(one);
      open(() => ({ query, variables: variables() }));
      expect(controller.match(() => true)).to.have.length(1);
      variables.set(other);
      TestBed.tick();
      expect(controller.match(() => true)).to.have.length(same ? 0 : 1);
    });

  it('compares documents by identity, or by their text', () => {
    const now = signal<unknown>(new String(query));
    open(() => ({ query: now() as string, variables: { symbol: 'SOL' } }));
    controller.expectOne('Price');
    now.set(new String(query));
    TestBed.tick();
    controller.expectNone('Price');
    now.set(`${query} `);
    TestBed.tick();
    controller.expectOne('Price');
  });

  it('takes no request for none, and forgets the value', () => {
    const symbol = signal<string | undefined>(undefined);
    const price = open(
      () => (symbol() === undefined ? undefined : { query, variables: { symbol: symbol() } }),
      { keepPrevious: true },
    );
    expect(all(price)).to.deep.equal({ ...nothing, status: 'idle' });
    controller.expectNone('Price');
    symbol.set('SOL');
    TestBed.tick();
    const operation = controller.expectOne(sol);
    operation.next({ price: 7 });
    symbol.set(undefined);
    TestBed.tick();
    operation.expectUnsubscribed();
    expect(all(price)).to.deep.equal({ ...nothing, status: 'idle' });
  });

  it('rests after an error until it is reloaded, and keeps the value meanwhile', () => {
    const price = open(prices(signal('SOL')));
    const operation = controller.expectOne(sol);
    operation.next({ price: 7 });
    operation.error('no');
    expect(price.status()).to.equal('failed');
    expect(price.error()).to.include({ name: 'OperationError' });
    expect(price.value()).to.deep.equal({ price: 7 });
    TestBed.tick();
    controller.expectNone('Price');
    price.reload();
    TestBed.tick();
    expect(all(price)).to.deep.equal({ ...nothing, value: { price: 7 }, status: 'pending' });
    controller.expectOne(sol).next({ price: 8 });
    expect(all(price)).to.deep.equal({ ...nothing, value: { price: 8 }, status: 'live' });
  });

  it('rests after an error until the request changes', () => {
    const symbol = signal('SOL');
    const price = open(prices(symbol));
    controller.expectOne(sol).error('no');
    symbol.set('ETH');
    TestBed.tick();
    expect(all(price)).to.deep.equal({ ...nothing, status: 'pending' });
    controller.expectOne(eth);
  });

  it('never throws: an error of the function for the request is in `error`', () => {
    const symbol = signal('SOL');
    const price = open(() => {
      if (symbol() === 'BAD') throw new Error('no such symbol');
      return prices(symbol)();
    });
    const operation = controller.expectOne(sol);
    operation.next({ price: 7 });
    symbol.set('BAD');
    TestBed.tick();
    operation.expectUnsubscribed();
    const { error, ...others } = all(price);
    expect((error as Error).message).to.equal('no such symbol');
    expect(others).to.deep.equal({ value: undefined, status: 'failed', stale: false });
    symbol.set('ETH');
    TestBed.tick();
    expect(all(price)).to.deep.equal({ ...nothing, status: 'pending' });
  });

  it('never throws: nor does a request that cannot be compared or sent', async () => {
    const variables = signal<object>({});
    const price = open(() => ({ query, variables: variables() }));
    for (let count = 0; count < 2; count += 1) {
      const cycle: Record<string, unknown> = {};
      variables.set(Object.assign(cycle, { cycle }));
      TestBed.tick();
      expect(price.value()).to.equal(undefined);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(price.error()).to.include({ name: 'ConfigurationError', option: 'variables' });
    }
  });

  it('refuses wrong options at once', () => {
    const wrong = { keepPrevios: true } as InjectSubscriptionOptions;
    expect(() => open(() => query, wrong)).to.throw('keepPrevios');
    expect(() => injectSubscription(() => query)).to.throw('NG0203');
  });

  it('takes the options of subscribe$, and an injector', () => {
    const injector = TestBed.inject(Injector);
    const options = { injector, token: PRICES, share: true };
    const [one, other] = [options, options].map((given) =>
      injectSubscription<Data>(prices(signal('SOL')), given),
    );
    TestBed.tick();
    controller.expectNone('Price');
    TestBed.inject(controllerOf(PRICES)).expectOne(sol).next({ price: 7 });
    expect([one!.value(), other!.value()]).to.deep.equal([{ price: 7 }, { price: 7 }]);
  });

  it('takes its types from a document', () => {
    const symbol = signal('SOL');
    const Price = new String(query) as unknown as TypedDocument<Data, { symbol: string }>;
    const price = TestBed.runInInjectionContext(() =>
      injectSubscription(() => ({ query: Price, variables: { symbol: symbol() } })),
    );
    TestBed.tick();
    controller.expectOne(Price).next({ price: 7 });
    const value: number | undefined = price.value()?.price;
    expect(value).to.equal(7);
    TestBed.runInInjectionContext(() =>
      // @ts-expect-error -- a number is no symbol
      injectSubscription(() => ({ query: Price, variables: { symbol: 5 } })),
    );
  });

  it('ends with its component, and shows in its template what has come', async () => {
    @Component({
      selector: 'app-root',
      template: '{{ price.status() }} {{ price.value()?.price }}',
    })
    class App {
      readonly symbol = signal('SOL');
      readonly price = injectSubscription<Data>(prices(this.symbol));
    }
    const fixture = TestBed.createComponent(App);
    const text = () => (fixture.nativeElement as HTMLElement).textContent;
    await fixture.whenStable();
    fixture.detectChanges();
    expect(text()).to.equal('pending ');
    const operation = controller.expectOne(sol);
    operation.next({ price: 7 });
    fixture.detectChanges();
    expect(text()).to.equal('live 7');
    fixture.destroy();
    operation.expectUnsubscribed();
    controller.verify();
  });
});
