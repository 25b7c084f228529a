import { expect } from 'chai';
import { describe, it } from 'mocha';
import { map } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { graphqlSocket, type GraphQLSocket } from 'rx-graphql-ws';
import { recover } from 'rx-graphql-ws/recovery';
import {
  gap,
  GraphQLSocketTestingController,
  marbleEqual,
  marbleSocket,
} from 'rx-graphql-ws/testing';

interface Event {
  id: number;
}

/** The unit under test: the server begins behind `after`. */
const events = (socket: GraphQLSocket) =>
  recover<{ event: Event }, { after?: number }, Event>(
    socket,
    { query: 'subscription Events($after: Int) { event(after: $after) { id } }' },
    { rows: (data) => [data.event], resume: (last) => ({ after: last.id }) },
  );

const event = (id: number) => ({ id });

describe('a recovered subscription', () => {
  it('begins behind the last event after a loss', () => {
    new TestScheduler(marbleEqual).run((helpers) => {
      const server = marbleSocket(helpers, ['oa-b-x', 'oa-c'], {
        b: { data: { event: event(1) } },
        c: { data: { event: event(2) } },
      });
      const socket = graphqlSocket({
        url: 'wss://example.org/graphql',
        webSocketImpl: server,
        retry: { delay: 10 },
      });
      const values = { b: event(1), c: event(2) };
      helpers.expectObservable(events(socket), '^ 30ms !').toBe('---b 14ms c', values);

      const variables$ = server.operations$.pipe(map(({ request }) => request.variables));
      const sent = { s: undefined, t: { after: 1 } };
      helpers.expectObservable(variables$, '^ 30ms !').toBe('-s 14ms t', sent);
    });
  });

  it('goes on behind a gap when the server refuses the cursor', () => {
    new TestScheduler(marbleEqual).run((helpers) => {
      // `c` is for the second operation on its connection: the one without a cursor
      const server = marbleSocket(helpers, ['oa-b-x', 'oa-r-c'], {
        b: { data: { event: event(1) } },
        r: { error: [{ message: 'the cursor is too old' }] },
        c: { operation: 2, data: { event: event(9) } },
      });
      const socket = graphqlSocket({
        url: 'wss://example.org/graphql',
        webSocketImpl: server,
        retry: { delay: 10 },
      });
      const values = { b: event(1), g: gap({ since: 3 }), c: event(9) };
      helpers.expectObservable(events(socket), '^ 30ms !').toBe('---b 14ms g-c', values);
    });
  });

  it('does both in a test without marbles, too', () => {
    const controller = new GraphQLSocketTestingController();
    const seen: unknown[] = [];
    const subscription = events(controller).subscribe((item) => seen.push(item));
    controller.expectOne('Events').next({ event: event(1) });
    controller.disconnect();
    controller.reconnect();
    const again = controller.expectOne({ operationName: 'Events', variables: { after: 1 } });
    again.next({ event: event(2) });
    expect(seen).to.deep.equal([event(1), event(2)]);
    subscription.unsubscribe();
    controller.verify();
  });
});
