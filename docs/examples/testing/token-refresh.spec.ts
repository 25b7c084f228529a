import { describe, it } from 'mocha';
import { graphqlSocket } from 'rx-graphql-ws';
import { marbleEqual, marbleSocket } from 'rx-graphql-ws/testing';
import { TestScheduler } from 'rxjs/testing';

describe('an expired token', () => {
  it('is refreshed once, and the subscription goes on', () => {
    new TestScheduler(marbleEqual).run((helpers) => {
      const server = marbleSocket(helpers, ['oa-1-e', 'oa-1'], {
        1: { data: { price: 7 } },
        e: { close: { code: 4403, reason: 'token expired' } },
      });
      // the cue to refresh is the error that ended the attempt before
      const socket = graphqlSocket({
        url: 'wss://example.org/graphql',
        webSocketImpl: server,
        connectionParams: ({ error }) => ({ token: error ? 'fresh' : 'cached' }),
        retry: { delay: 10 },
      });

      helpers
        .expectObservable(socket.subscribe$('subscription { price }'), '^ 30ms !')
        .toBe('---p 14ms p', { p: { price: 7 } });

      const init = (token: string) => ({ type: 'connection_init', payload: { token } });
      const subscribe = (id: string) => ({
        type: 'subscribe',
        id,
        payload: { query: 'subscription { price }' },
      });
      helpers.expectObservable(server.sent$, '^ 20ms !').toBe('is------------- jt', {
        i: init('cached'),
        s: subscribe('1'),
        j: init('fresh'),
        t: subscribe('2'),
      });
    });
  });
});
