import { describe, it } from 'mocha';
import { graphqlSocket } from 'rx-graphql-ws';
import { marbleEqual, marbleSocket } from 'rx-graphql-ws/testing';
import { map } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';

describe('a subscription', () => {
  it('goes on when the server was gone for a while', () => {
    new TestScheduler(marbleEqual).run((helpers) => {
      const server = marbleSocket(
        helpers,
        [
          'oa-1-1-x', // two results, then the connection is lost
          '#', //        the first retry is refused
          'oa-1', //     the second is not
        ],
        { 1: { data: { price: 7 } } },
      );
      const socket = graphqlSocket({
        url: 'wss://example.org/graphql',
        webSocketImpl: server,
        retry: { delay: 100 },
      });

      helpers
        .expectObservable(socket.subscribe$('subscription { price }'), '^ 300ms !')
        .toBe('---p-p 204ms p', { p: { price: 7 } });
      const state$ = socket.status$.pipe(map(({ state }) => state));
      helpers.expectObservable(state$, '^ 300ms !').toBe('oc-----w 99ms (ow) 96ms oc', {
        o: 'connecting',
        c: 'connected',
        w: 'waiting',
      });
    });
  });
});
