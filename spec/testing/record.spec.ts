import { expect } from 'chai';
import { describe, it } from 'mocha';
import { asyncScheduler, EMPTY, of, Subject, toArray } from 'rxjs';
import type { RunHelpers } from 'rxjs/testing';
import type { GraphQLSocketConfig, SocketEvent, SocketStatus } from 'rx-graphql-ws';
import { graphqlSocket } from 'rx-graphql-ws';
import { fakeSocket, record } from 'rx-graphql-ws/testing';
import { run } from './marble-test.js';
import {
  ack,
  closed,
  document,
  header,
  init,
  opened,
  received,
  sent,
  status,
  wire,
} from './recorded.js';

const { next, subscribe } = wire('graphql-transport-ws');

/** Lines as objects. */
const parse = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as unknown);
const json = (lines: readonly object[]) => parse(lines.map((line) => JSON.stringify(line)));

function bench(config: Partial<GraphQLSocketConfig> = {}) {
  const server = fakeSocket();
  const retry = { delay: 10 };
  const url = 'ws://recorded';
  const socket = graphqlSocket({
    url,
    webSocketImpl: server,
    retry,
    pingInterval: false,
    ...config,
  });
  const at = (ms: number, act: () => unknown) => asyncScheduler.schedule(() => void act(), ms);
  return { server, socket, at };
}

/** Sockets of a service are often given to it with more, or less, than the whole. */
const collect = (source: Parameters<typeof record>[0], options?: Parameters<typeof record>[1]) => {
  const lines: string[] = [];
  record(source, options).subscribe((line) => lines.push(line));
  return lines;
};

/** A session that is dropped, dialled again in vain, and then left. */
function session({ flush }: RunHelpers, of: 'socket' | 'events$') {
  const { server, socket, at } = bench();
  const lines = collect(of === 'socket' ? socket : socket.events$);
  const stream = socket.subscribe$(document).subscribe();
  at(5, () => {
    server.open();
  });
  at(7, () => {
    server.ack();
  });
  at(8, () => {
    server.next(1, 7);
  });
  at(20, () => {
    server.close(1012, 'restart');
  });
  at(32, () => {
    server.fail(new Error('refused'));
  });
  at(43, () => {
    stream.unsubscribe();
  });
  flush();
  return lines;
}

const first = [
  opened(5),
  sent(5, init),
  received(7, ack),
  sent(7, subscribe('1')),
  received(8, next('1', 7)),
  closed(20, 1012, 'restart'),
] as const;

describe('record', () => {
  it(
    'writes what happens, and the states that explain it',
    run((helpers) => {
      expect(parse(session(helpers, 'socket'))).to.deep.equal(
        json([
          ...[header, status(0, 'idle'), status(0, 'connecting')],
          ...[...first.slice(0, 3), status(7, 'connected'), ...first.slice(3)],
          ...[status(20, 'waiting', 'ConnectionClosedError'), status(30, 'connecting')],
          ...[closed(32, 1006, '', 2), status(32, 'waiting', 'ConnectionError')],
          ...[status(42, 'connecting'), closed(43, 1006, '', 3), status(43, 'idle')],
        ]),
      );
    }),
  );

  it(
    'writes what happens on the wire alone, if that is all that it is given',
    run((helpers) => {
      expect(parse(session(helpers, 'events$'))).to.deep.equal(
        json([header, ...first, closed(32, 1006, '', 2), closed(43, 1006, '', 3)]),
      );
    }),
  );

  it(
    'ends each line with a line break',
    run((helpers) => {
      for (const line of session(helpers, 'socket')) expect(line).to.match(/^\{[^\n]*\}\n$/);
    }),
  );

  it(
    'connects nothing, begins anew for each, and completes with the socket',
    run((helpers) => {
      const { server, socket, at } = bench();
      const lines = record(socket).pipe(toArray());
      helpers.expectObservable(lines).toBe('10ms (a|)', {
        a: [header, status(0, 'idle'), status(10, 'closed')].map((l) => `${JSON.stringify(l)}\n`),
      });
      helpers.expectObservable(lines, '-----^').toBe('10ms (a|)', {
        a: [header, status(0, 'idle'), status(10, 'closed')].map((l) => `${JSON.stringify(l)}\n`),
      });
      at(10, () => {
        socket.close();
      });
      helpers.flush();
      expect(server.peers).to.deep.equal([]);
    }),
  );

  it('goes on with its time when the clock is put back', () => {
    const events = [
      { type: 'opened', at: 1_000, connection: 1, subprotocol: '' },
      { type: 'closed', at: 400, connection: 1, code: 1000, reason: '' },
      { type: 'closed', at: 1_200, connection: 2, code: 1006, reason: '' },
    ] as const;
    expect(parse(collect(of(...events)))).to.deep.equal([
      ...[header, opened(1_000, ''), closed(1_000, 1000), closed(1_200, 1006, '', 2)],
    ]);
  });

  describe('that begins in the middle of a connection', () => {
    const result: SocketEvent = {
      ...{ type: 'received', at: 50, connection: 3, text: '{}' },
      message: { type: 'unknown', frame: '{}' },
    };
    const dropped: SocketEvent = {
      ...{ type: 'closed', at: 60, connection: 3 },
      code: 1006,
      reason: '',
    };
    const restarted: SocketEvent = { ...dropped, code: 1012 };
    const connected: SocketStatus = {
      ...{
        since: 10,
        state: 'connected',
        subprotocol: 'graphql-ws',
        ackPayload: { token: 'canary' },
      },
    };

    it('opens it first, with its subprotocol if there are states', () => {
      const status$ = of(connected);
      expect(parse(collect({ status$, events$: of(result, dropped) }))).to.deep.equal([
        ...[header, { time: 10, status: 'connected' }, opened(50, 'graphql-ws', 3)],
        ...[received(50, '{}', 3), closed(60, 1006, '', 3)],
      ]);
      expect(parse(collect(of(result, dropped)))).to.deep.equal([
        ...[header, opened(50, '', 3), received(50, '{}', 3), closed(60, 1006, '', 3)],
      ]);
    });

    it('tells its end from a dial that failed', () => {
      const states = new Subject<SocketStatus>();
      const lines = collect({ status$: states, events$: EMPTY });
      expect(lines).to.have.length(1);
      for (const [source, opens] of [
        [of(dropped), false],
        [of(restarted), true],
        [{ status$: of(connected), events$: of(dropped) }, true],
        [{ status$: of<SocketStatus>({ since: 0, state: 'idle' }), events$: of(dropped) }, false],
      ] as const)
        expect(collect(source).some((line) => line.includes('opened'))).to.equal(opens);
    });
  });

  it('fails with what `redact` throws', () => {
    const events$ = of<SocketEvent>({
      ...{ type: 'received', at: 50, connection: 3, text: '{}' },
      message: { type: 'unknown', frame: '{}' },
    });
    const failure = new Error('cannot redact');
    let caught: unknown;
    record(events$, {
      redact: () => {
        throw failure;
      },
    }).subscribe({ error: (error: unknown) => (caught = error) });
    expect(caught).to.equal(failure);
  });
});
