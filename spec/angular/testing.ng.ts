import { testBed } from './test-bed.js';
import { InjectionToken } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import type { GraphQLSocket } from 'rx-graphql-ws';
import { GRAPHQL_SOCKET, provideGraphQLSocket, withToken } from 'rx-graphql-ws/angular';
import { controllerOf, provideGraphQLSocketTesting } from 'rx-graphql-ws/angular/testing';
import { GraphQLSocketTestingController } from 'rx-graphql-ws/testing';

const PRICES = new InjectionToken<GraphQLSocket>('PRICES');
const NEWS = new InjectionToken<GraphQLSocket>('NEWS');

/** The values of a subscription. */
function values(token: InjectionToken<GraphQLSocket>): unknown[] {
  const seen: unknown[] = [];
  TestBed.inject(token)
    .subscribe$('subscription Price { price }')
    .subscribe((value) => seen.push(value));
  return seen;
}

describe('provideGraphQLSocketTesting', () => {
  afterEach(() => {
    TestBed.resetTestingModule();
  });

  it('replaces the socket of the application, and its controller is the server', () => {
    const url = 'wss://example.org/graphql';
    testBed(provideGraphQLSocket({ url }), provideGraphQLSocketTesting());
    const prices = values(GRAPHQL_SOCKET);
    const controller = TestBed.inject(GraphQLSocketTestingController);
    controller.expectOne('Price').next({ price: 7 });
    expect(prices).to.deep.equal([{ price: 7 }]);
    // it is closed with the TestBed
    TestBed.resetTestingModule();
    controller.verify();
  });

  it('takes options', () => {
    testBed(provideGraphQLSocketTesting({ generateId: () => 'mine' }));
    values(GRAPHQL_SOCKET);
    const { id } = TestBed.inject(GraphQLSocketTestingController).expectOne('Price');
    expect(id).to.equal('mine');
  });

  it('has a controller for each token', () => {
    testBed(
      provideGraphQLSocketTesting(),
      provideGraphQLSocketTesting({}, withToken(PRICES)),
      provideGraphQLSocketTesting({}, withToken(NEWS)),
    );
    const all = [GRAPHQL_SOCKET, PRICES, NEWS].map((token) => ({ token, seen: values(token) }));
    all.forEach(({ token }, index) => {
      TestBed.inject(controllerOf(token)).expectOne('Price').next(index);
    });
    expect(all.map(({ seen }) => seen)).to.deep.equal([[0], [1], [2]]);
    expect(controllerOf(GRAPHQL_SOCKET)).to.equal(GraphQLSocketTestingController);
  });
});
