import { expect } from 'chai';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, it } from 'mocha';
import type { GraphQLTestServer } from 'rx-graphql-ws/testing/server';
import { eventually } from '../../helpers/eventually.js';
import { useServer } from '../../helpers/use-server.js';
import { connect, type RawClient } from './raw-client.js';

const KiB = 1_024;
const frame = 'x'.repeat(64 * KiB);
const slow = { code: 1013, reason: 'client is not consuming messages fast enough' };

/** Sends until the socket is closed, or so many frames. */
async function feed(server: GraphQLTestServer, frames: number) {
  const before = server.ledger.counts.sent;
  for (let i = 0; i < frames; i++) {
    server.peers[0]?.send(frame);
    await turn();
    if (server.ledger.counts.sent - before <= i) return i;
  }
  return frames;
}

const heardFrames = ({ heard }: RawClient) => heard.filter((each) => each === frame).length;

describe('graphqlTestServer maxBuffered', () => {
  const serve = useServer();

  it('closes a client that has stopped reading with 1013', async () => {
    const server = await serve({ maxBuffered: 256 * KiB });
    const client = await connect(server.url);
    client.socket.pause();
    const sent = await feed(server, 1_000);
    expect(sent).to.be.within(4, 999);
    server.send('not any more');
    client.socket.resume();
    expect(await client.closed).to.deep.equal(slow);
    expect(heardFrames(client)).to.equal(sent);
    expect(server.ledger.sent.filter((entry) => entry.frame === frame)).to.have.length(sent);
    expect(client.heard).to.not.include('not any more');
  });

  it('leaves a client alone that keeps up', async () => {
    const server = await serve({ maxBuffered: 256 * KiB, ledger: { history: false } });
    const client = await connect(server.url);
    for (let i = 0; i < 40; i++) {
      await feed(server, 4);
      await eventually(() => {
        expect(heardFrames(client)).to.equal(4 * (i + 1));
      });
    }
    expect(client.socket.readyState).to.equal(client.socket.OPEN);
  });

  it('does not take one large frame for a slow client', async () => {
    const server = await serve({ maxBuffered: 0 });
    const client = await connect(server.url);
    const large = 'y'.repeat(16 * KiB * KiB);
    server.send(large);
    expect(await client.next()).to.equal(large);
    server.send({ type: 'ping' });
    expect(await client.next()).to.deep.equal({ type: 'ping' });
  });

  it('waits for a client for ever by default, and with false', async () => {
    for (const maxBuffered of [undefined, false] as const) {
      const server = await serve({ maxBuffered });
      const client = await connect(server.url);
      client.socket.pause();
      expect(await feed(server, 200)).to.equal(200);
      client.socket.resume();
      await eventually(() => {
        expect(heardFrames(client)).to.equal(200);
      });
    }
  });
});
