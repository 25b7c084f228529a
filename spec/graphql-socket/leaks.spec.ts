import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  firstValueFrom,
  interval,
  lastValueFrom,
  map,
  NEVER,
  retry,
  take,
  tap,
  timer,
  type Observable,
} from 'rxjs';
import type { GraphQLSocketConfig } from '../../lib/config.js';
import type { GraphQLSocket } from '../../lib/graphql-socket-api.js';
import { graphqlSocket } from '../../lib/graphql-socket.js';
import { bench } from '../helpers/bench.js';
import { eventually } from '../helpers/eventually.js';
import { accepts, opensOnly, refuses } from '../helpers/scripted.js';
import { useServer } from '../helpers/use-server.js';
import { advance, record, test, timers } from '../helpers/test.js';

const subscription = 'subscription { a }';

/** What of sockets and timers keeps the process alive. */
const handles = () =>
  process.getActiveResourcesInfo().filter((kind) => /^(TCP|TLS|Timeout|GetAddrInfo)/.test(kind));

describe('after the last unsubscription', () => {
  test('no timer, no socket and no listener is left, however often and wherever it happens', () => {
    const { socket, sockets, peers, live } = bench(
      { linger: 3, pingInterval: 7, keepAliveTimeout: 9, ackTimeout: 5, connectTimeout: 4 },
      ...Array.from({ length: 25 }, () => [accepts(), opensOnly, refuses, () => undefined]).flat(),
    );
    for (let ms = 0; ms < 60; ms += 1) {
      const streams = [
        record(socket.subscribe$(subscription)),
        record(socket.query$('{ a }', { sendWithin: 100 })),
        record(socket.connection$),
      ];
      advance(ms);
      for (const { unsubscribe } of streams) unsubscribe();
      advance(8);
      expect([timers(), live().length], `after ${String(ms)} ms`).to.deep.equal([0, 0]);
    }
    const told = record(socket.events$);
    const sent = peers.map((peer) => peer.sent.length);
    for (const dialled of sockets) {
      dialled.readyState = 1;
      for (const handler of [dialled.onopen, dialled.onmessage, dialled.onerror, dialled.onclose])
        handler({ data: '{"type":"ping"}', code: 4409, reason: '', wasClean: true });
    }
    expect(told.log).to.deep.equal([]);
    expect(peers.map((peer) => peer.sent.length)).to.deep.equal(sent);
  });

  const serve = useServer();
  const states: [
    string,
    Partial<GraphQLSocketConfig>,
    (socket: GraphQLSocket) => Promise<unknown>,
  ][] = [
    ['while dialling', {}, () => Promise.resolve()],
    ['while the url is awaited', { url: () => NEVER }, () => Promise.resolve()],
    ['while connected', {}, (socket) => firstValueFrom(socket.subscribe$(subscription))],
    [
      'in a backoff',
      { url: 'ws://127.0.0.1:9/', retry: { delay: 60_000 } },
      (socket) => eventually(async () => expect(await state(socket)).to.equal('waiting')),
    ],
  ];
  const state = async (socket: GraphQLSocket) => (await firstValueFrom(socket.status$)).state;

  for (const end of ['unsubscribing', 'close()'])
    for (const [when, config, reached] of states)
      it(`nothing keeps the process alive after ${end} ${when}`, async () => {
        const result$ = interval(1).pipe(map((n) => ({ data: n })));
        const { url } = await serve({ handle: () => result$ });
        const before = handles().length;
        const socket = graphqlSocket({ url, ...config });
        const stream = socket.subscribe$(subscription).subscribe();
        await reached(socket);
        if (end === 'close()') socket.close();
        else stream.unsubscribe();
        await eventually(() => expect(handles()).to.have.length.at.most(before));
        if (end === 'close()') await lastValueFrom(socket.status$);
      });

  it('the server has no operation and no socket left', async () => {
    const server = await serve({ handle: () => interval(1).pipe(map((n) => ({ data: n }))) });
    const socket = graphqlSocket({ url: server.url });
    const streams = Array.from({ length: 20 }, () => socket.subscribe$(subscription).pipe(take(3)));
    await Promise.all(streams.map((stream$) => lastValueFrom(stream$)));
    await eventually(() => {
      expect(server.ledger.operations).to.deep.equal([]);
      expect(server.peers).to.deep.equal([]);
    });
    await firstValueFrom(timer(5));
  });
});

const methods: Record<string, (socket: GraphQLSocket) => Observable<unknown>> = {
  subscribe$: (socket) => socket.subscribe$('subscription { a }'),
  query$: (socket) => socket.query$('{ a }'),
  mutate$: (socket) => socket.mutate$('mutation { a }'),
  execute$: (socket) => socket.execute$('{ a }'),
  payload$: (socket) => socket.payload$('{ a }'),
  connection$: (socket) => socket.connection$,
};

describe('after close()', () => {
  for (const [name, call] of Object.entries(methods))
    test(`${name} errors with SocketDisposedError, asynchronously, and dials nothing`, () => {
      const { socket, peers } = bench();
      const made = call(socket);
      socket.close();
      for (const stream$ of [made, call(socket)]) {
        const stream = record(stream$);
        expect(stream.log).to.deep.equal([]);
        advance(0);
        expect(stream.log.map(([, ...what]) => what)).to.deep.equal([
          ['error', 'SocketDisposedError'],
        ]);
      }
      expect([peers.length, timers()]).to.deep.equal([0, 0]);
    });
});

describe('a bare retry() by the user', () => {
  const throwing = () => {
    throw new Error('mine');
  };
  const constructor = function () {
    throwing();
  } as never;
  const failing: Record<string, Partial<GraphQLSocketConfig>> = {
    'a url() that throws': { url: throwing },
    'a url() that gives no url': { url: () => 'no url' },
    'a constructor that throws': { webSocketImpl: constructor },
  };
  for (const [what, config] of Object.entries(failing))
    test(`does not overflow the stack on ${what}: three attempts, then one a second`, () => {
      const { socket } = bench(config);
      let failures = 0;
      const error = () => (failures += 1);
      record(socket.subscribe$('subscription { a }').pipe(tap({ error }), retry()));
      advance(47_000);
      expect(failures).to.equal(50);
    });
});
