import { TestBed } from '@angular/core/testing';
import { graphqlSocket } from 'rx-graphql-ws';
import { GRAPHQL_SOCKET } from 'rx-graphql-ws/angular';
import { isGap } from 'rx-graphql-ws/recovery';
import { marbleEqual, marbleSocket } from 'rx-graphql-ws/testing';
import { map } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { Trades } from './trades';

describe('Trades, with marbles', () => {
  it('have a gap where the connection was lost', () => {
    new TestScheduler(marbleEqual).run((helpers) => {
      const server = marbleSocket(helpers, ['oa-1-x', 'oa-1'], {
        1: { data: { trade: { number: 7, price: 100 } } },
      });
      const socket = graphqlSocket({
        url: 'wss://example.org/graphql',
        webSocketImpl: server,
        retry: { delay: 10 },
      });
      TestBed.configureTestingModule({
        providers: [{ provide: GRAPHQL_SOCKET, useValue: socket }],
      });
      const row$ = TestBed.inject(Trades)
        .trades$()
        .pipe(map((row) => (isGap(row) ? 'gap' : row.number)));
      helpers.expectObservable(row$, '^ 30ms !').toBe('---t 12ms g-t', { t: 7, g: 'gap' });
    });
  });
});
