import { testBed } from './test-bed.js';
import { AsyncPipe } from '@angular/common';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { GraphQLSocket, RequestInput, SubscribeOptions, Variables } from 'rx-graphql-ws';
import { GRAPHQL_SOCKET, injectGraphQLSocket } from 'rx-graphql-ws/angular';
import { provideGraphQLSocketTesting } from 'rx-graphql-ws/angular/testing';
import { GraphQLSocketTestingController } from 'rx-graphql-ws/testing';
import { map } from 'rxjs';
import type { SinonFakeTimers, SinonStub } from 'sinon';
import { stub, useFakeTimers } from 'sinon';

declare let ngDevMode: unknown;
const query = 'subscription Price($symbol: String!) { price(symbol: $symbol) }';
const variables = { symbol: 'SOL' };
type Request = RequestInput<unknown, Variables>;

describe('equal operations in development', () => {
  let clock: SinonFakeTimers;
  let warn: SinonStub;

  beforeEach(() => {
    clock = useFakeTimers({ toFake: ['Date'] });
    warn = stub(console, 'warn');
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    clock.restore();
    warn.restore();
  });

  const makeSocket = () => {
    testBed(provideGraphQLSocketTesting());
    return TestBed.inject(GRAPHQL_SOCKET);
  };
  const start = (
    socket: GraphQLSocket,
    count: number,
    request: (index: number) => Request,
    options: SubscribeOptions = {},
  ) => {
    for (let index = 0; index < count; index += 1)
      socket.subscribe$(request(index), options).subscribe().unsubscribe();
  };
  const messages = () => warn.args.map(([message]) => String(message));

  it('are warned of once, when more than 50 start within a second', () => {
    const socket = makeSocket();
    start(socket, 50, () => ({ query, variables: { ...variables } }));
    expect(messages()).to.deep.equal([]);
    start(socket, 1, () => ({ query, variables: { ...variables } }));
    expect(messages()).to.have.length(1);
    expect(messages()[0])
      .to.include('subscription Price')
      .and.include('SOL')
      .and.include('template')
      .and.include('share');
    start(socket, 200, () => ({ query, variables }));
    expect(messages()).to.have.length(1);
  });

  it('show the text of a document, and not the whole document', () => {
    const document = { kind: 'Document', definitions: [], loc: { source: { body: query } } };
    start(makeSocket(), 51, () => ({ query: document, variables }));
    expect(messages()[0]).to.include(query).and.not.include('definitions');
  });

  it('are not warned of over a longer time', () => {
    const socket = makeSocket();
    for (let second = 0; second < 5; second += 1) {
      start(socket, 30, () => ({ query, variables }));
      start(socket, 30, () => 'subscription { other }');
      clock.tick(1_000);
    }
    expect(messages()).to.deep.equal([]);
  });

  for (const [what, request] of [
    ['other variables', (index: number) => ({ query, variables: { index } })],
    ['other documents', (index: number) => `subscription { a${index} }`],
    ['variables that are no JSON', () => ({ query, variables: { amount: 1n } })],
  ] as const)
    it(`are not operations with ${what}`, () => {
      const socket = makeSocket();
      for (let index = 0; index < 200; index += 1)
        socket
          .subscribe$(request(index))
          .subscribe({ error: () => {} })
          .unsubscribe();
      expect(messages()).to.deep.equal([]);
    });

  it('may share', () => {
    start(makeSocket(), 200, () => ({ query, variables }), { share: true });
    expect(messages()).to.deep.equal([]);
  });

  it('are not counted before they are subscribed', () => {
    const socket = makeSocket();
    for (let index = 0; index < 200; index += 1) void socket.subscribe$({ query, variables });
    expect(messages()).to.deep.equal([]);
  });

  it('are not counted in production', () => {
    const mode = ngDevMode;
    testBed(provideGraphQLSocketTesting());
    ngDevMode = false;
    const socket = TestBed.inject(GRAPHQL_SOCKET);
    ngDevMode = mode;
    start(socket, 200, () => ({ query, variables }));
    expect(messages()).to.deep.equal([]);
  });

  it('are noticed when a template calls the method', () => {
    @Component({ selector: 'app-root', imports: [AsyncPipe], template: '{{ price$() | async }}' })
    class App {
      readonly socket = injectGraphQLSocket();
      price$() {
        return this.socket
          .subscribe$<{ price: number }>({ query, variables })
          .pipe(map(({ price }) => price));
      }
    }
    testBed(provideGraphQLSocketTesting());
    const fixture = TestBed.createComponent(App);
    for (let count = 0; count < 60; count += 1)
      fixture.componentRef.changeDetectorRef.detectChanges();
    expect(messages()).to.have.length(1);
    expect(TestBed.inject(GraphQLSocketTestingController).match(() => true)).to.have.length.above(
      0,
    );
  });
});
