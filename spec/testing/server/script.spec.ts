import { expect } from 'chai';
import { describe, it } from 'mocha';
import { concatMap, NEVER, take, tap } from 'rxjs';
import type { Peer } from 'rx-graphql-ws/testing/server';
import { connect, dial, init, legacy, start } from './raw-client.js';
import { failureOf } from '../../helpers/rejection.js';
import { useServer } from '../../helpers/use-server.js';

describe('graphqlTestServer script', () => {
  const serve = useServer();

  it('plays a conversation', async () => {
    const server = await serve({
      script: async (peer) => {
        await peer.read('connection_init');
        peer.send({ type: 'connection_ack' });
        const [first, second] = [await peer.read('start'), await peer.read()];
        peer.send({ type: 'data', id: second.id }, { type: 'complete', id: first.id });
        await peer.read('connection_terminate');
      },
    });
    const client = await dial(server.url, legacy);
    client.send(init, start('1'), start('2'), { type: 'connection_terminate' });
    expect([await client.next(), await client.next(), await client.next()]).to.deep.equal([
      { type: 'connection_ack' },
      { type: 'data', id: '2' },
      { type: 'complete', id: '1' },
    ]);
    await server.finished();
  });

  it('is told of the upgrade, and plays anew on each connection', async () => {
    const told: unknown[] = [];
    const server = await serve({
      subprotocols: [],
      script: ({ connection, url, headers, subprotocol }) => {
        told.push([connection, url, headers.test, subprotocol]);
      },
    });
    await dial(server.url, []);
    await dial(`${server.url}?a=1`, [], { headers: { test: '1234' } });
    expect(told).to.deep.equal([
      [1, '/graphql', undefined, ''],
      [2, '/graphql?a=1', '1234', ''],
    ]);
    await server.finished();
  });

  it('is an Observable as well, subscribed to until the socket closes', async () => {
    const server = await serve({
      script: (peer) =>
        peer.received$.pipe(
          tap(({ type }) => peer.send({ type: `echo ${type}` })),
          concatMap(() => NEVER),
        ),
    });
    const client = await dial(server.url, legacy);
    client.send(init);
    expect(await client.next()).to.deep.equal({ type: 'echo connection_init' });
    client.socket.close(1000, 'bye');
    await server.finished();
  });

  it('tells frames and the close, to late subscribers too', async () => {
    const heard: unknown[] = [];
    let peer: Peer | undefined;
    const server = await serve({
      script: (given) => {
        peer = given;
        return given.frames$.pipe(take(2));
      },
    });
    const client = await dial(server.url, legacy);
    client.send('not a message', init);
    client.socket.close(4001, 'done');
    await server.ledger.until('closed');
    peer!.frames$.subscribe((frame) => heard.push(frame));
    peer!.received$.subscribe((message) => heard.push(message));
    peer!.closed$.subscribe((close) => heard.push(close));
    expect(heard).to.deep.equal([
      'not a message',
      JSON.stringify(init),
      init,
      { code: 4001, reason: 'done' },
    ]);
  });

  it('fails at a message of another type: closes with 1011, and finished() rejects', async () => {
    const server = await serve({
      script: async (peer) => {
        await peer.read('connection_init');
        await peer.read('connection_terminate');
      },
    });
    const client = await dial(server.url, legacy);
    client.send(init, { type: 'stop', id: '1' });
    expect(await client.closed).to.deep.equal({ code: 1011, reason: 'script failed' });
    const failure = await failureOf(server.finished());
    expect(String(failure)).to.contain(
      'expected connection_terminate, received {"type":"stop","id":"1"}',
    );
    // Told once: the test that saw it need not see it again when it stops the server.
    await server.finished();
    await server.stop();
  });

  it('fails when the socket closes before what it reads, and stop() rejects', async () => {
    const server = await serve({ script: (peer) => peer.read('connection_init') });
    const client = await dial(server.url, legacy);
    client.socket.close();
    await server.ledger.until('closed');
    expect(String(await failureOf(server.stop()))).to.contain(
      'expected connection_init, but the socket closed',
    );
    await server.stop();
  });

  it('fails synchronously and as an Observable too', async () => {
    const scripts: ((peer: Peer) => unknown)[] = [
      () => {
        throw new Error('broken');
      },
      (peer) =>
        peer.received$.pipe(
          tap(() => {
            throw new Error('broken');
          }),
        ),
    ];
    for (const script of scripts) {
      const server = await serve({ script });
      const client = await dial(server.url, legacy);
      client.send(init);
      await client.closed;
      expect(String(await failureOf(server.finished()))).to.contain('broken');
    }
  });

  it('may leave a read unawaited', async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', listener);
    const server = await serve({
      script: (peer) => {
        void peer.read();
        peer.close(1000);
      },
    });
    const client = await dial(server.url, legacy);
    await client.closed;
    await server.ledger.until('closed');
    // Rejections are reported after a turn of the event loop; mocha itself swallows them.
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.off('unhandledRejection', listener);
    expect(unhandled).to.deep.equal([]);
    await server.finished();
  });

  it('finished() waits for the sockets to close where there is no script', async () => {
    const server = await serve();
    const client = await connect(server.url);
    let finished = false;
    const waiting = server.finished().then(() => {
      finished = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(finished).to.equal(false);
    client.socket.close();
    await waiting;
  });
});
