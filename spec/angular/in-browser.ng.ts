import { testBed } from './test-bed.js';
import { signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { TestBed } from '@angular/core/testing';
import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { inBrowser, injectGraphQLSocket } from 'rx-graphql-ws/angular';
import { provideGraphQLSocketTesting } from 'rx-graphql-ws/angular/testing';
import { GraphQLSocketTestingController } from 'rx-graphql-ws/testing';
import { eventually } from '../helpers/eventually.js';

describe('inBrowser', () => {
  afterEach(() => {
    TestBed.resetTestingModule();
  });

  it('gives the parameters in a browser: a resource has the values', async () => {
    testBed(provideGraphQLSocketTesting());
    const symbol = signal('SOL');
    const price = TestBed.runInInjectionContext(() => {
      const socket = injectGraphQLSocket();
      return rxResource({
        params: inBrowser(() => ({ symbol: symbol() })),
        stream: ({ params }) =>
          socket.subscribe$<number>({ query: 'subscription Price { price }', variables: params }),
      });
    });
    TestBed.tick();
    const controller = TestBed.inject(GraphQLSocketTestingController);
    const operation = controller.expectOne({ variables: { symbol: 'SOL' } });
    operation.next(7);
    await eventually(() => {
      expect(price.value()).to.equal(7);
    });
    symbol.set('ETH');
    TestBed.tick();
    operation.expectUnsubscribed();
    controller.expectOne({ variables: { symbol: 'ETH' } });
  });

  it('needs an injection context', () => {
    expect(() => inBrowser(() => 1)).to.throw('NG0203');
  });
});
