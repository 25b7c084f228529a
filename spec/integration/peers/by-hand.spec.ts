import { expect } from 'chai';
import { describe, it } from 'mocha';
import { firstValueFrom, lastValueFrom, map, take, tap } from 'rxjs';
import type { AttemptContext, HandshakeOptions, OpenSocketOptions } from 'rx-graphql-ws';
import {
  decode,
  execute,
  handshake,
  keepAlive,
  openSocket,
  reconnect,
  selectData,
  shareConnection,
} from 'rx-graphql-ws';
import { eventually } from '../../helpers/eventually.js';
import { attachLegacy } from '../../helpers/peers/legacy-peer.js';
import { peers, usePeer } from '../../helpers/peers/real-peer.js';

/** The stages as a user composes them. */
const pipeline = (options: OpenSocketOptions, params: HandshakeOptions = {}) =>
  openSocket(options).pipe(
    handshake(params),
    keepAlive(),
    reconnect({ delay: 10 }),
    shareConnection(),
  );

describe('a pipeline composed by hand', () => {
  const start = usePeer();

  for (const { name, attach, speaks, dials } of peers)
    it(`comes to ${speaks} with ${name}`, async () => {
      const peer = await start(attach);
      const connection$ = pipeline({ url: peer.url });
      const hello$ = connection$.pipe(
        tap(({ subprotocol }) => expect(subprotocol).to.equal(speaks)),
        execute('{ hello }'),
        decode(),
        selectData(),
      );
      expect(await firstValueFrom(hello$)).to.have.property('hello');
      expect(peer.offers).to.deep.equal(dials);
    });

  it('remembers over reconnects that a server speaks the legacy protocol alone', async () => {
    const peer = await start(attachLegacy);
    const acknowledged: string[] = [];
    const connections = lastValueFrom(
      pipeline({ url: peer.url }).pipe(
        map(({ subprotocol }) => acknowledged.push(subprotocol)),
        take(3),
      ),
    );
    for (const length of [1, 2]) {
      // an offer is remembered when the server has acknowledged it
      await eventually(() => expect(acknowledged).to.have.length(length));
      peer.close(1001);
    }
    await connections;
    expect(acknowledged).to.deep.equal(['graphql-ws', 'graphql-ws', 'graphql-ws']);
    expect(peer.offers.slice(1)).to.deep.equal([['graphql-ws'], ['graphql-ws'], ['graphql-ws']]);
  });

  for (const { name, attach } of peers)
    it(`asks for fresh credentials, and says why, when ${name} refuses them`, async () => {
      const peer = await start(attach, { accept: ({ token }) => token === 'fresh' });
      const asked: AttemptContext[] = [];
      const connectionParams = (context: AttemptContext) => {
        asked.push(context);
        return { token: context.error ? 'fresh' : 'stale', user: 'Ada' };
      };
      const viewer$ = pipeline({ url: peer.url }, { connectionParams }).pipe(
        execute('{ viewer }'),
        decode(),
        selectData(),
      );
      expect(await firstValueFrom(viewer$)).to.deep.equal({ viewer: 'Ada' });
      expect(asked.at(-1)?.attempt).to.equal(1);
      expect(asked.at(-1)?.error?.name).to.be.oneOf(['HandshakeError', 'ConnectionClosedError']);
    });
});
