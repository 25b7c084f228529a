import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, take, toArray } from 'rxjs';
import { WebSocket } from 'ws';
import { SilentDisconnectError } from 'rx-graphql-ws';
import { replayServer, type GraphQLTestServer } from 'rx-graphql-ws/testing/server';
import { failureOf } from '../../helpers/failure-of.js';
import { failureOf as rejection } from '../../helpers/rejection.js';
import { useSocket } from '../../helpers/use-socket.js';
import { tradesOf, tradesSubscription } from '../fixtures/record-stalled-feed.js';
import { begun, closed, received, recordingOf, sent, status, wire } from '../recorded.js';
import { connect, current, dial, init, legacy } from './raw-client.js';

const stalledFeed = 'docs/examples/testing/stalled-feed.ndjson';
const { next, subscribe } = wire('graphql-transport-ws');

describe('replayServer', () => {
  const servers: GraphQLTestServer[] = [];
  const folders: string[] = [];
  const makeSocket = useSocket();

  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  const serve = async (...parameters: Parameters<typeof replayServer>) => {
    const server = await replayServer(...parameters);
    servers.push(server);
    return server;
  };
  const write = (text: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'replay-'));
    folders.push(folder);
    const file = join(folder, 'recording.ndjson');
    writeFileSync(file, text);
    return file;
  };
  const failure = async (...parameters: Parameters<typeof replayServer>) =>
    (await rejection(replayServer(...parameters))) as Error;

  const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 24, 25].map(tradesOf);

  for (const subprotocol of ['graphql-ws', 'graphql-transport-ws'])
    it(`serves a stall, and what came after it, on ${subprotocol}`, async () => {
      const server = await serve(stalledFeed, { speed: 100 });
      const socket = makeSocket({
        url: server.url,
        subprotocols: [subprotocol],
        keepAliveTimeout: 250,
      });
      const states: unknown[] = [];
      socket.status$.subscribe((state) => states.push('error' in state && state.error));
      const data = await firstValueFrom(
        socket.subscribe$(tradesSubscription).pipe(take(numbers.length), toArray()),
      );
      expect(data).to.deep.equal(numbers);
      expect(states.filter((error) => error)).to.have.length(1);
      expect(states.find((error) => error)).to.be.instanceOf(SilentDisconnectError);
      const opened = server.ledger.opened.map((entry) => entry.subprotocol);
      expect(opened).to.deep.equal([subprotocol, subprotocol]);
    });

  it('closes and drops as the server did', async () => {
    const ends = [4_003, 1_013, 1_005, 1_006, 1_004].map((code) => {
      return { code, reason: code < 1_010 ? '' : 'why' };
    });
    const lines = ends.flatMap(({ code, reason }, index) => [
      ...begun(undefined, index, index + 1).slice(0, 3),
      closed(index, code, reason, index + 1),
    ]);
    const server = await serve(write(recordingOf(...lines)));
    for (const { code, reason } of ends) {
      const client = await dial(server.url);
      client.send(init);
      expect(await client.closed).to.deep.equal({ code: code === 1_004 ? 1_006 : code, reason });
    }
  });

  it('opens and fails as late as the dials did', async () => {
    const lines = [status(0, 'connecting'), closed(90, 1006), status(100, 'connecting')];
    const file = write(recordingOf(...lines, ...begun(undefined, 190, 2)));
    const server = await serve(file);
    const start = performance.now();
    const first = makeSocket({ url: server.url, retry: false });
    const error = await failureOf(first.connection$, 'ConnectionError');
    expect(error).to.include({ status: 503 });
    expect(performance.now() - start).to.be.greaterThan(80);
    await dial(server.url);
    expect(performance.now() - start).to.be.greaterThan(170);
  });

  it('answers dials after the last with 410', async () => {
    const server = await serve(write(recordingOf(...begun())));
    await dial(server.url);
    const socket = makeSocket({ url: server.url });
    const error = await failureOf(socket.connection$, 'ConnectionError');
    expect(error).to.include({ status: 410 });
  });

  it('keeps dials apart that wait at the same time', async () => {
    const lines = [
      ...[status(0, 'connecting'), ...begun('graphql-ws', 80)],
      ...[status(80, 'waiting'), status(80, 'connecting'), ...begun(undefined, 90, 2)],
    ];
    const server = await serve(write(recordingOf(...lines)));
    const both = [current, legacy];
    const clients = await Promise.all([dial(server.url, both), dial(server.url, both)]);
    const selected = clients.map(({ socket }) => socket.protocol);
    expect(selected).to.deep.equal(['graphql-ws', 'graphql-transport-ws']);
  });

  it('selects no subprotocol where none is offered, and speaks what the client speaks', async () => {
    const server = await serve(write(recordingOf(...begun(), received(5, next('1', 7)))));
    const client = await dial(server.url, []);
    client.send(init, wire(legacy).subscribe('x'));
    expect(await client.next()).to.deep.equal({ type: 'connection_ack' });
    expect(await client.next()).to.deep.equal(wire(legacy).next('x', 7));
    expect(client.socket.protocol).to.equal('');
  });

  it('selects nothing that it does not speak', async () => {
    const server = await serve(write(recordingOf(...begun())));
    const error: unknown = await dial(server.url, ['else']).catch((thrown: unknown) => thrown);
    expect(error).to.include({ message: 'Server sent no subprotocol' });
  });

  it('answers pings until it falls silent, and no goodbye then', async () => {
    const silence = [closed(2_000, 1006), status(2_000, 'waiting', 'SilentDisconnectError')];
    const lines = [status(0, 'connecting'), ...begun(), received(60, next('1', 1)), ...silence];
    const server = await serve(write(recordingOf(...lines)));
    const client = await connect(server.url);
    client.send({ type: 'ping', payload: 1 }, subscribe('x'));
    expect(await client.next()).to.deep.equal({ type: 'pong', payload: 1 });
    expect(await client.next()).to.deep.equal(next('x', 1));
    await new Promise((done) => setTimeout(done, 30));
    client.send({ type: 'ping' });
    client.socket.close();
    await new Promise((done) => setTimeout(done, 60));
    expect(client.heard).to.have.length(3);
    expect(client.socket.readyState).to.equal(WebSocket.CLOSING);
    client.socket.terminate();
  });

  it('is refused a file that is not there, before it listens', async () => {
    const { message } = await failure('no/such.ndjson');
    expect(message).to.match(/^cannot read the recording: ENOENT: .*no\/such\.ndjson/);
  });

  it('is refused the text of a recording, and does not repeat it', async () => {
    const text = recordingOf(...begun(), sent(0, 'a'.repeat(20_000)));
    for (const given of [text, text.slice(0, 200)]) {
      const { message, cause } = await failure(given);
      expect(message).to.match(/^cannot read the recording: E[A-Z]+: [^"]+: /);
      const beginning = JSON.stringify(given.slice(0, 80));
      expect(message.split('… ').slice(-1)).to.deep.equal([
        '(the path of a file is wanted; `replay` takes the text)',
      ]);
      expect(message).to.contain(`${beginning}… `);
      expect(cause).to.equal(undefined);
    }
  });

  it('is refused a file that is corrupt, and says where', async () => {
    const file = write(recordingOf(...begun(), sent(0, 'a', 9)));
    const reason = 'a frame of attempt 9, which was not opened before';
    expect((await failure(file)).message).to.equal(`${file}, line 6: ${reason}`);
  });

  for (const [options, message] of [
    [{ speed: 0 }, 'expected `speed` to be a number > 0, got 0'],
    [{ sped: 2 }, 'unknown option `sped`: did you mean `speed`?'],
    [{ loop: 1 }, 'expected `loop` to be a boolean, got 1'],
    [{ port: -1 }, 'expected `port` to be an integer from 0 to 65535, got -1 (number)'],
  ] as const)
    it(`is refused ${JSON.stringify(options)}`, async () => {
      const error = await failure(stalledFeed, options as object);
      expect(error).to.be.instanceOf(TypeError).with.property('message', message);
    });
});
