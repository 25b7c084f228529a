import { expect } from 'chai';
import { describe } from 'mocha';
import { map, retry } from 'rxjs';
import { graphqlSocket } from 'rx-graphql-ws';
import { marbleSocket } from 'rx-graphql-ws/testing';
import { advance, helpers, now, record, test } from '../helpers/test.js';

/** `recover` is built on this. */
for (const subprotocol of ['graphql-transport-ws', 'graphql-ws'])
  describe(`a \`variables\` function, over ${subprotocol},`, () => {
    /** Writes down the calls, the values, and the subscriptions on the wire. */
    function play(scripts: readonly string[], config = {}) {
      const log: string[] = [];
      const server = marbleSocket(helpers(), scripts, {
        c: { complete: true },
        r: { error: [{ message: 'no' }] },
      });
      server.sent$.subscribe(({ type }) => {
        if (type === 'subscribe' || type === 'start') log.push(`${now()} sent`);
      });
      const socket = graphqlSocket({
        url: 'ws://server',
        subprotocols: [subprotocol],
        webSocketImpl: server,
        retry: { delay: 10 },
        pingInterval: false,
        ...config,
      });
      const variables = () => {
        log.push(`${now()} called`);
        return {};
      };
      const value$ = socket
        .subscribe$({ query: 'subscription { a }', variables }, {})
        .pipe(map((value) => log.push(`${now()} ${String(value)}`)));
      return { log, socket, value$ };
    }

    test('is called once for each send, at once before it', () => {
      const { log, socket, value$ } = play(['oa-1-x', 'oa-x', 'o-x', 'oa-1-1']);
      record(value$);
      expect(log).to.deep.equal([]);
      advance(5_000);
      socket.close();
      expect(log.filter((entry) => !entry.endsWith('1'))).to.have.length(6);
      for (const [index, entry] of log.entries())
        if (entry.endsWith('sent'))
          expect(log[index - 1]).to.equal(entry.replace('sent', 'called'));
    });

    test('is called behind the values of the connection before, and ahead of those of the next', () => {
      const { log, socket, value$ } = play(['oa-(11x)', 'oa(11)']);
      record(value$);
      advance(500);
      socket.close();
      expect(log.map((entry) => entry.split(' ')[1])).to.deep.equal([
        ...['called', 'sent', '1', '1'],
        ...['called', 'sent', '1', '1'],
      ]);
    });

    test('is called for a restart of a completed subscription', () => {
      const { log, socket, value$ } = play(['oa(1c)'], { onServerComplete: 'restart' });
      record(value$);
      advance(1_000);
      socket.close();
      expect(log.map((entry) => entry.split(' ')[1])).to.deep.equal([
        ...['called', 'sent', '1'],
        ...['called', 'sent'],
      ]);
    });

    test('is called for a subscription that is subscribed again', () => {
      const { log, socket, value$ } = play(['oa(1r)'], { linger: 100 });
      record(value$.pipe(retry({ count: 1, delay: 10 })));
      advance(50);
      socket.close();
      expect(log.map((entry) => entry.split(' ')[1])).to.deep.equal([
        ...['called', 'sent', '1'],
        ...['called', 'sent'],
      ]);
    });

    test('is called for each of two subscribers', () => {
      const { log, socket, value$ } = play(['oa']);
      record(value$);
      record(value$);
      advance(50);
      socket.close();
      expect(log).to.deep.equal(['1 called', '1 sent', '1 called', '1 sent']);
    });

    test('is not called when it was unsubscribed before there was a connection', () => {
      const { log, socket, value$ } = play(['o---a']);
      const stream = record(value$);
      record(socket.subscribe$('subscription { other }'));
      advance(2);
      stream.unsubscribe();
      advance(50);
      socket.close();
      expect(log).to.deep.equal(['4 sent']);
    });
  });
