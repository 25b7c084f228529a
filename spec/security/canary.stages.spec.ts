import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
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
import { eventually } from '../helpers/eventually.js';
import { useRigServer } from '../helpers/use-server.js';
import { handedOut, watchConnection, type HandedOut } from './handed-out.js';
import { extensions, secretive } from './secretive.js';

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
