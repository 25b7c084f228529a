import { expect } from 'chai';
import { once } from 'node:events';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { corruptionNames, type Corruption } from 'rx-graphql-ws/testing/server';
import { eventually } from '../../../helpers/eventually.js';
import { useCalm } from '../../../helpers/net/use-calm.js';
import { useServer } from '../../../helpers/use-server.js';
import { useSocket } from '../../../helpers/use-socket.js';
import { connect, current, dial, legacy } from '../raw-client.js';
import { connectionNumber, outcome } from './survival.js';

type Named = Extract<Corruption, string>;

/** The code that the client answers with, as far as it answers. */
const answers: Readonly<Record<Named, number | 'delivered' | 'heard' | 'stalled'>> = {
  'huge-frame': 1009,
  'one-byte-fragments': 'delivered',
  'empty-fragments': 'delivered',
  'too-many-fragments': 1008,
  'stall-in-header': 'stalled',
  'stall-in-payload': 'stalled',
  'reserved-bits': 1002,
  compressed: 1002,
  masked: 1002,
  'unknown-opcode': 1002,
  'invalid-utf8': 1007,
  'not-a-frame': 1002,
  'control-ping': 'heard',
  'control-ping-flood': 'heard',
  'close-1005': 1002,
  'close-one-byte': 1002,
  'close-invalid-utf8': 1007,
  'close-escapes': 4999,
  'close-no-fin': 'stalled',
  fin: 1006,
  reset: 1006,
};
const namesOf = (kind: unknown) => corruptionNames.filter((name) => answers[name] === kind);

describe('corrupt', () => {
  const serve = useServer();
  const socketTo = useSocket();
  useCalm();

  for (const [name, code] of Object.entries(answers))
    if (typeof code === 'number')
      it(`${name} is answered with ${code}`, async () => {
        const server = await serve();
        const client = await connect(server.url);
        server.corrupt(name as Named);
        expect((await client.closed).code).to.equal(code === 4999 ? code : 1006);
        expect((await server.ledger.until('closed')).code).to.equal(code);
        await connect(server.url);
      });

  for (const name of namesOf('delivered'))
    for (const subprotocol of [current, legacy])
      it(`${name} make a message over ${subprotocol}`, async () => {
        const server = await serve();
        const client = await connect(server.url, subprotocol);
        server.corrupt(name);
        const { type } = await client.next();
        expect(type).to.equal(subprotocol === current ? 'pong' : 'ka');
        client.send({ type: 'ping' });
        await client.next();
      });

  for (const name of namesOf('heard'))
    it(`${name} is heard by WebSocket, and tells the application nothing`, async () => {
      const server = await serve();
      const client = await connect(server.url);
      let pings = 0;
      client.socket.on('ping', () => ++pings);
      server.corrupt(name);
      await eventually(() => expect(pings).to.equal(name === 'control-ping' ? 1 : 10_000));
      expect(client.heard).to.have.length(1);
      // It may have fled from a flood.
      if (name === 'control-ping-flood') return;
      client.send({ type: 'ping' });
      expect(await client.next()).to.deep.equal({ type: 'pong' });
    });

  for (const code of [0, 999, 1000, 1004, 1006, 1015, 2999, 4000, 5000, 65_535])
    it(`{ close: ${code} } is on the wire as it is`, async () => {
      const server = await serve({ handle: connectionNumber });
      const client = await connect(server.url);
      const { _socket: stream } = client.socket as unknown as { _socket: NodeJS.EventEmitter };
      const chunk = once(stream, 'data') as Promise<Buffer[]>;
      server.corrupt({ close: code, reason: 'why' });
      expect((await chunk)[0]).to.deep.equal(
        Buffer.of(0x88, 5, code >> 8, code & 0xff, ...Buffer.from('why')),
      );
      const valid = [1000, 4000].includes(code);
      expect((await client.closed).code).to.equal(valid ? code : 1006);
      await server.ledger.until('closed');
      const socket = socketTo({ url: server.url, retry: { delay: 10 } });
      const seen = outcome(socket);
      await eventually(() => expect(seen).to.deep.equal([2]));
      server.corrupt({ close: code });
      await eventually(() => expect(seen).to.have.length(2));
      expect(seen[1]).to.equal(3);
    });

  for (const name of ['stall-in-header', 'stall-in-payload'] as const)
    it(`${name}: the rest comes once it has healed, and what was sent meanwhile`, async () => {
      const server = await serve();
      const client = await connect(server.url);
      const { _socket: stream } = client.socket as unknown as { _socket: NodeJS.EventEmitter };
      const chunk = once(stream, 'data') as Promise<Buffer[]>;
      server.corrupt(name);
      server.send({ type: 'later' });
      expect((await chunk)[0]).to.have.length(name === 'stall-in-header' ? 2 : 100);
      client.send({ type: 'ping' });
      await delay(10);
      expect(client.heard).to.have.length(1);
      server.resume();
      for (const type of ['pong', 'later', 'pong'])
        expect((await client.next()).type).to.equal(type);
    });

  it('drip: a frame that does not end, and nothing else any more', async () => {
    const server = await serve();
    const client = await connect(server.url);
    const { _socket: stream } = client.socket as unknown as { _socket: NodeJS.EventEmitter };
    const bytes: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => bytes.push(chunk));
    server.corrupt({ drip: 2 });
    server.send({ type: 'later' });
    client.send({ type: 'ping' });
    await delay(60);
    expect(bytes.length).to.be.within(5, 30);
    const frame = `\u0081\u007f\0\0\0\0\0\u0010\0\0{"type":"pong"}${' '.repeat(30)}`;
    expect(frame.startsWith(Buffer.concat(bytes).toString('latin1'))).to.equal(true);
    client.socket.terminate();
    await server.ledger.until('closed');
  });

  it('close-escapes: 123 bytes that a terminal would obey', async () => {
    const server = await serve();
    const client = await connect(server.url);
    server.corrupt('close-escapes');
    const { reason } = await client.closed;
    expect(Buffer.byteLength(reason)).to.equal(123);
    expect(reason).to.include('\u001b[2J').and.include('\u202e').and.include('\r\n');
  });

  it('close-no-fin: the connection stays open behind the close frame', async () => {
    const server = await serve();
    const client = await connect(server.url);
    server.corrupt('close-no-fin');
    await eventually(() => expect(client.socket.readyState).to.equal(client.socket.CLOSING));
    expect(await Promise.race([client.closed, delay(50, 'open')])).to.equal('open');
    expect(server.ledger.closed).to.deep.equal([]);
    server.drop();
    expect((await client.closed).code).to.equal(1001);
  });

  it('waits where nothing goes through, and does nothing on a stalled socket', async () => {
    const server = await serve();
    const client = await connect(server.url);
    server.halfOpen();
    server.corrupt('fin');
    await delay(20);
    expect(client.socket.readyState).to.equal(client.socket.OPEN);
    server.resume();
    expect((await client.closed).code).to.equal(1006);
    const stalled = await connect(server.url);
    server.stall();
    server.corrupt('reset');
    await delay(20);
    expect(stalled.socket.readyState).to.equal(stalled.socket.OPEN);
  });

  for (const tls of [undefined, 'self-signed' as const])
    it(`reset is an error ${tls ? 'under TLS' : 'of TCP'}; fin is none`, async () => {
      const server = await serve({ tls });
      for (const name of ['reset', 'fin'] as const) {
        const client = await dial(server.url, current, { ca: server.certificate });
        const { _socket: stream } = client.socket as unknown as {
          _socket: { readonly errored: NodeJS.ErrnoException | null };
        };
        server.corrupt(name);
        expect((await client.closed).code).to.equal(1006);
        expect(stream.errored?.code).to.equal(name === 'reset' ? 'ECONNRESET' : undefined);
        await server.ledger.until('closed', undefined, name === 'reset' ? 1 : 2);
      }
    });

  it('tells of a slip, with or without sockets', async () => {
    const server = await serve();
    expect(() => {
      server.corrupt('mask' as 'masked');
    }).to.throw(TypeError, "unknown corruption 'mask': did you mean 'masked'?");
    await connect(server.url);
    expect(() => {
      server.peers[0]!.corrupt({ drip: NaN });
    }).to.throw(TypeError, '`drip`');
    for (const close of [-1, 1000.5, 65_536])
      expect(() => {
        server.corrupt({ close });
      }).to.throw(TypeError, '`close`');
    expect(() => {
      server.corrupt({ close: 1000, reason: 'x'.repeat(124) });
    }).to.throw(TypeError, '`reason`');
  });

  for (const name of [...corruptionNames, { drip: 5 }])
    it(`${JSON.stringify(name)} is survived by a subscription`, async () => {
      const server = await serve({ handle: connectionNumber });
      const times = { pingInterval: 30, pongTimeout: 30 };
      const socket = socketTo({ url: server.url, ...times });
      socket.events$.subscribe();
      const seen = outcome(socket);
      await eventually(() => expect(seen).to.deep.equal([1]));
      server.corrupt(name);
      if (typeof name === 'string' && ['delivered', 'heard'].includes(answers[name] as string))
        await delay(20);
      else await eventually(() => expect(seen).to.deep.equal([1, 2]));
      expect(seen[0]).to.equal(1);
      await eventually(() => expect(seen).to.have.length(server.ledger.opened.length));
    });
});
