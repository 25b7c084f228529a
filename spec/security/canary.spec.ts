import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { inspect } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { concat, NEVER, of, tap, type Observable } from 'rxjs';
import {
  decode,
  execute,
  handshake,
  keepAlive,
  openSocket,
  reconnect,
  selectData,
  shareConnection,
  type OpenSocket,
} from 'rx-graphql-ws';
import { useCalm } from '../helpers/net/use-calm.js';
import { eventually } from '../helpers/eventually.js';
import { useRigServer } from '../helpers/use-server.js';
import { corruptionNames } from '../rig/corruption.js';
import { garbageNames } from '../rig/garbage.js';
import type { RigServer } from '../rig/rig-server.js';
import { canary, formsIn, textsOf } from './canary.js';
import { extensions, refreshing, secretive } from './secretive.js';
import { allOf, useEndurance } from './use-endurance.js';
import { handedOut, watchConnection, type HandedOut } from './handed-out.js';

const shows = (value: unknown) => textsOf(value).some((text) => formsIn(text).length > 0);

/** What the tests of this folder would not find, they could not miss. */
describe('the search for a canary', () => {
  const deep = (levels: number): object => (levels ? { a: deep(levels - 1) } : { canary });
  const found: readonly (readonly [string, unknown])[] = [
    ['a text', `Bearer ${canary}`],
    ['another case, as of a host', canary.toLowerCase()],
    ['base64', Buffer.from(`user:${canary}`).toString('base64')],
    ['base64, one byte on', Buffer.from(`{ "a": "${canary}" }`).toString('base64')],
    ['base64, two bytes on', Buffer.from(`ab${canary}>>>???`).toString('base64')],
    ['base64url', Buffer.from(`>>>???${canary}>>>???`).toString('base64url')],
    ['hex', Buffer.from(canary).toString('hex')],
    ['a percent-encoded text', encodeURIComponent(`?${canary}+/ü`)],
    ['a buffer', Buffer.from(canary)],
    ['a name', { [canary]: 1 }],
    ['the depth', deep(30)],
    ['a list of many', [...Array(500).keys(), canary]],
    ['a map', new Map([[{}, new Set([canary])]])],
    ['a getter', Object.defineProperty({}, 'hidden', { get: () => canary })],
    ['a symbol', { [Symbol(canary)]: 1 }],
    ['toJSON', { toJSON: () => canary }],
    ['toString', { toString: () => canary }],
    ['its inspection', { [inspect.custom]: () => canary }],
    ['the cause of a cause', new Error('a', { cause: new Error('b', { cause: canary }) })],
    ['one of several errors', new AggregateError([new Error(canary)], 'several')],
    ['a field of an error', Object.assign(new Error('a'), { reason: canary })],
  ];
  for (const [what, value] of found)
    it(`finds one in ${what}`, () => {
      expect(shows(value)).to.equal(true);
    });

  it('finds none where there is none', () => {
    for (const value of [undefined, null, 'Canary', Buffer.from('abc'), new Error('no'), {}])
      expect(shows(value)).to.equal(false);
  });

  it('does not pass over what cannot be serialised', () => {
    const circular: { self?: object } = {};
    circular.self = circular;
    expect(() => textsOf(circular)).to.throw('circular');
  });
});

const streams = ['subscribe$', 'payload$', 'execute$', 'query$', 'mutate$', 'messages$'];

describe('a secret is in nothing that a socket object gives, while all goes well', function () {
  this.timeout(20_000);
  const endures = useEndurance();
  useCalm();

  for (const [how, config] of [
    ['given as they are', secretive],
    ['asked for at each attempt', refreshing],
  ] as const)
    for (const subprotocol of ['graphql-transport-ws', 'graphql-ws'])
      it(`over ${subprotocol}, with options ${how}`, async () => {
        const { server, socket, out } = await endures({
          server: { subprotocols: [subprotocol] },
          config,
        });
        for (const name of [...streams, 'events$', 'status$', 'connection$'])
          expect(out.has(`a value of ${name}`), name).to.equal(true);
        // the secrets were sent
        const sent = server.ledger.entries.map((entry) => JSON.stringify(entry)).join();
        for (const secret of [`Bearer ${canary}`, `?token=${canary}`, `"token":"${canary}"`])
          expect(sent).to.include(secret.replaceAll('"', '"'));
        expect(sent).to.include(`{"Authorization":"${canary}"`);

        socket.close();
        await delay(50);
        expect(out.has('the end of status$')).to.equal(true);
        out.watch('a stream after the end', socket.subscribe$('subscription { a }'));
        out.expectNoSecret();
        await delay(5);
        out.expectNoSecret();
        expect(out.has('the error of a stream after the end')).to.equal(true);
      });

  it('of an observer is not in what another observer is given', async () => {
    const { socket, out } = await endures({});
    const observer = { next: () => {}, error: () => {}, token: canary };
    const subscriptions = [
      socket.status$,
      socket.events$,
      socket.connection$,
      socket.subscribe$('subscription { a }'),
    ].map((stream$) => stream$.subscribe(observer));
    await delay(20);
    out.expectNoSecret();
    for (const subscription of subscriptions) subscription.unsubscribe();
  });
});

const handle = () => concat(of({ data: 1 }), NEVER);

/** Users receive the values between stages, too. */
describe('a secret is in nothing that the stages give', function () {
  this.timeout(20_000);
  const serve = useRigServer();
  let out: HandedOut;
  let stop: () => void;
  beforeEach(() => {
    out = handedOut();
  });
  afterEach(() => {
    stop();
    out.leave();
  });
  const run = async (stream$: Observable<unknown>, last: string) => {
    const subscription = stream$.subscribe({
      error: (error: unknown) => out.add('the error', error),
    });
    stop = () => subscription.unsubscribe();
    // with some pings
    await delay(150);
    await eventually(() => expect(out.has(last)).to.equal(true), 10_000);
    out.expectNoSecret();
  };

  it('while all goes well', async () => {
    const { url } = await serve({ handle });
    const config = secretive(url);
    const connection$ = openSocket(config).pipe(
      tap((socket: OpenSocket) => {
        out.add('a socket', socket);
        out.watch('frames$', socket.frames$);
      }),
      handshake(config),
      tap((connection) => {
        out.add('a connection', connection);
        watchConnection(connection, out);
      }),
      keepAlive({ pingInterval: 20 }),
      reconnect(),
      shareConnection(),
    );
    await run(
      connection$.pipe(
        execute({ query: 'subscription { a }', extensions }),
        tap((payload) => out.add('a payload', payload)),
        decode(),
        selectData(),
      ),
      'a payload',
    );
    for (const name of ['a socket', 'a connection', 'a value of frames$'])
      expect(out.has(name), name).to.equal(true);
  });

  for (const fault of ['not-json', 'reset', 'half-open'] as const)
    it(`after ${fault}`, async () => {
      const server = await serve({ handle });
      const config = secretive(server.url);
      const pings = { pingInterval: 20, pongTimeout: 20 };
      const stream$ = openSocket(config).pipe(handshake(config), keepAlive(pings));
      void server.ledger.until('opened').then(async () => {
        await delay(30);
        if (fault === 'not-json') server.garble('not-json');
        else if (fault === 'reset') server.corrupt('reset');
        else server.halfOpen();
      });
      await run(stream$, 'the error');
    });
});

type Fault = (server: RigServer) => void;

/** Without the deep and the long ones, because they take time and hold no secret. */
const garbage = garbageNames.filter(
  (name) => !['deep-nesting', 'id-huge', 'ping-flood'].includes(name),
);

const corruption = corruptionNames.filter((name) => name !== 'control-ping-flood');

const groups: Readonly<Record<string, readonly (readonly [string, Fault])[]>> = {
  garbage: garbage.map((name) => [name, (server) => server.garble(name)]),
  corruption: corruption.map((name) => [name, (server) => server.corrupt(name)]),
  'a close': [1000, 1001, 1011, 1012, 4400, 4401, 4409, 4500].map((code) => [
    String(code),
    ({ close }) => close(code, 'no'),
  ]),
  'a loss': [
    ['drop', ({ drop }) => drop()],
    ['restart', ({ restart }) => restart(20)],
    ['half-open', ({ halfOpen }) => halfOpen()],
    ['silence', ({ silence }) => silence()],
  ],
  'the end of operations': [
    ['fail', ({ fail }) => fail()],
    ['complete', ({ complete }) => complete()],
  ],
};

/** With what comes before the fault; what comes of it need not be waited for. */
const patient = { connectTimeout: 5_000, ackTimeout: 5_000, pingInterval: 100, pongTimeout: 150 };

describe('a secret is in nothing that a socket object gives, after', function () {
  this.timeout(20_000);
  const endures = useEndurance();
  useCalm();

  for (const [group, faults] of Object.entries(groups))
    it(`${group} of each kind`, async () => {
      await allOf(faults, async (fault) => {
        const { out } = await endures({ after: fault, further: patient });
        expect(out.has('a value of subscribe$')).to.equal(true);
      });
    });

  it('a third frame that is malformed', async () => {
    let frames = 0;
    const { out } = await endures({
      server: {
        script: (peer) => {
          peer.send({ type: 'connection_ack' });
          peer.send(`{"type": ${String((frames += 1))}`);
        },
      },
      further: { retry: { delay: 5 } },
    });
    expect(frames).to.be.at.least(3);
    expect(out.has('a value of status$')).to.equal(true);
  });
});
