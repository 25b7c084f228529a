import { testBed } from './test-bed.js';
import {
  createEnvironmentInjector,
  EnvironmentInjector,
  inject,
  InjectionToken,
} from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import type { GraphQLSocket } from 'rx-graphql-ws';
import { graphqlSocket } from 'rx-graphql-ws';
import {
  GRAPHQL_SOCKET,
  injectGraphQLSocket,
  provideGraphQLSocket,
  withToken,
} from 'rx-graphql-ws/angular';
import { fakeSocket } from 'rx-graphql-ws/testing';

const PRICES = new InjectionToken<GraphQLSocket>('PRICES');
const url = 'wss://example.org/graphql';

/** Subscribes, and gives the URL that was dialled. */
function dialled(socket: GraphQLSocket, server: ReturnType<typeof fakeSocket>): string {
  socket.subscribe$('subscription { a }').subscribe();
  return server.peer.url;
}

describe('provideGraphQLSocket', () => {
  afterEach(() => {
    TestBed.resetTestingModule();
  });

  it('provides one socket object with the given options', () => {
    const webSocketImpl = fakeSocket();
    testBed(provideGraphQLSocket({ url, webSocketImpl }));
    const socket = TestBed.runInInjectionContext(() => injectGraphQLSocket());
    expect(dialled(socket, webSocketImpl)).to.equal(url);
    expect(TestBed.inject(GRAPHQL_SOCKET)).to.equal(socket);
  });

  it('calls a function for the options once, in an injection context, when the socket is first injected', () => {
    const ADDRESS = new InjectionToken<string>('ADDRESS');
    const webSocketImpl = fakeSocket();
    let calls = 0;
    const config = () => {
      calls += 1;
      return { url: inject(ADDRESS), webSocketImpl };
    };
    testBed({ provide: ADDRESS, useValue: url }, provideGraphQLSocket(config));
    TestBed.inject(ADDRESS);
    expect(calls).to.equal(0);
    expect(dialled(TestBed.inject(GRAPHQL_SOCKET), webSocketImpl)).to.equal(url);
    TestBed.inject(GRAPHQL_SOCKET);
    expect(calls).to.equal(1);
  });

  it('provides several sockets, each with a token', () => {
    const [webSocketImpl, other] = [fakeSocket(), fakeSocket()];
    testBed(
      provideGraphQLSocket({ url, webSocketImpl }),
      provideGraphQLSocket({ url: `${url}/prices`, webSocketImpl: other }, withToken(PRICES)),
    );
    const [socket, prices] = TestBed.runInInjectionContext(() => [
      injectGraphQLSocket(),
      injectGraphQLSocket(PRICES),
    ]);
    expect(dialled(socket, webSocketImpl)).to.equal(url);
    expect(dialled(prices, other)).to.equal(`${url}/prices`);
  });

  it('refuses wrong options when the socket is first injected', () => {
    testBed(provideGraphQLSocket({ url, ackTimeout: -1 }));
    expect(() => TestBed.inject(GRAPHQL_SOCKET)).to.throw('`ackTimeout`');
  });

  it('says what is missing without a provider', () => {
    testBed();
    expect(() => TestBed.inject(GRAPHQL_SOCKET)).to.throw('add provideGraphQLSocket()');
  });

  it('closes the socket with its injector, and no other', () => {
    testBed(provideGraphQLSocket({ url, webSocketImpl: fakeSocket() }));
    const outer = TestBed.inject(GRAPHQL_SOCKET);
    const webSocketImpl = fakeSocket();
    const route = createEnvironmentInjector(
      [provideGraphQLSocket({ url, webSocketImpl })],
      TestBed.inject(EnvironmentInjector),
    );
    const inner = route.get(GRAPHQL_SOCKET);
    const states: string[] = [];
    for (const socket of [outer, inner])
      socket.status$.subscribe(({ state }) => states.push(state));
    let completed = false;
    inner.subscribe$('subscription { a }').subscribe({ complete: () => (completed = true) });
    expect(states.splice(0)).to.deep.equal(['idle', 'idle', 'connecting']);
    route.destroy();
    expect(states.splice(0)).to.deep.equal(['closed']);
    expect(completed).to.equal(true);
    TestBed.resetTestingModule();
    expect(states).to.deep.equal(['closed']);
  });

  it('gives a socket object that has all members of any other', () => {
    testBed(provideGraphQLSocket({ url, webSocketImpl: fakeSocket() }));
    const socket = TestBed.inject(GRAPHQL_SOCKET);
    expect(Reflect.ownKeys(socket)).to.have.members(Reflect.ownKeys(graphqlSocket({ url })));
    expect(() => socket.query$('{ a }', { sendWithin: -1 })).to.throw('`sendWithin`');
    const states: string[] = [];
    socket.status$.subscribe(({ state }) => states.push(state));
    socket[Symbol.dispose]();
    expect(states).to.deep.equal(['idle', 'closed']);
  });
});
