import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concat, NEVER, of } from 'rxjs';
import { graphqlSocket } from 'rx-graphql-ws';
import { graphqlTestServer } from 'rx-graphql-ws/testing/server';
import { eventually } from '../helpers/eventually.js';

describe('a drop between open and ack, by a server of the current protocol alone', () => {
  for (const dropAt of [1, 2])
    it(`is a drop, whatever the server says of the legacy offer: at connection ${dropAt}`, async function () {
      // a fourth dial must wait for its turn
      this.timeout(6_000);
      let inits = 0;
      const server = await graphqlTestServer({
        subprotocols: ['graphql-transport-ws'],
        fallback: false,
        handle: () => concat(of({ data: { a: 1 } }), NEVER),
        connect() {
          inits += 1;
          if (inits === dropAt) server.drop();
          return true;
        },
      });
      const socket = graphqlSocket({ url: server.url, retry: { delay: 10 } });
      const states: string[] = [];
      socket.status$.subscribe((status) => {
        states.push(status.state);
      });
      const values: unknown[] = [];
      let error: unknown;
      socket.subscribe$('subscription { a }').subscribe({
        next: (value) => values.push(value),
        error: (thrown: unknown) => {
          error = thrown;
        },
      });
      if (dropAt === 2) {
        await eventually(() => expect(values).to.have.lengthOf(1));
        server.drop();
      }
      await eventually(() => expect(values).to.have.lengthOf(dropAt), 4_000);
      expect(error).to.equal(undefined);
      expect(states).to.include('waiting').and.not.include('failed');
      socket.close();
      await server.stop();
    });
});
