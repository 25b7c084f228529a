import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Socket } from 'node:net';
import { setTimeout as delayed } from 'node:timers/promises';
import { eventually } from '../../helpers/eventually.js';
import { plainClient, type PlainClient } from '../../helpers/faulty-proxy/plain-client.js';
import type { Toxic } from '../../helpers/faulty-proxy/toxic.js';
import {
  bandwidth,
  blackHole,
  corrupt,
  delay,
  drip,
  limitData,
  reset,
  slice,
  slowClose,
  stall,
} from '../../helpers/faulty-proxy/toxics.js';
import { proxySeed, useFaultyProxy } from '../../helpers/faulty-proxy/use-faulty-proxy.js';
import { useTcp } from '../../helpers/net/tcp-server.js';
import { useCalm } from '../../helpers/net/use-calm.js';
import { useWatch } from '../../helpers/use-watch.js';

const watch = useWatch();
const start = useFaultyProxy();
const listen = useTcp();
useCalm();

/** A client behind a proxy with one toxic on the way down. */
async function receiving(speak: (socket: Socket) => unknown, toxic?: Toxic) {
  const server = await listen(speak);
  const proxy = await start(server.port);
  const remove = toxic ? proxy.down.add(toxic) : () => undefined;
  return { server, proxy, remove, client: await plainClient(proxy.port) };
}

const has = ({ bytes, hows }: PlainClient, text: string, ...ends: readonly string[]) =>
  expect([bytes.toString('latin1'), ...hows]).to.deep.equal([text, ...ends]);

const numbers = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
const text = numbers.toString('latin1');

/** What becomes of 256 bytes that come at once. */
const whole: readonly (readonly [string, Toxic, (client: PlainClient) => unknown])[] = [
  [
    'latency: later',
    delay({ latency: 80 }),
    ({ pieces }) => expect(pieces[0]!.at).to.be.within(75, 600),
  ],
  [
    'slices: a segment for each byte',
    slice(1),
    ({ pieces }) => expect(pieces.length).to.be.above(200),
  ],
  [
    'bandwidth: so many in a second',
    bandwidth(2_000),
    ({ pieces }) => expect(pieces.at(-1)!.at).to.be.within(100, 600),
  ],
];

describe(`the effect of a toxic of the faulty proxy (FAULTY_PROXY_SEED=${proxySeed})`, () => {
  it('none: all bytes, and a FIN is a FIN, a reset is a reset', async () => {
    const { proxy, client } = await receiving((socket) => socket.pipe(socket));
    const sent = Buffer.alloc(3_000_000, numbers);
    client.write(sent);
    client.end();
    await eventually(() => expect(client.hows).to.deep.equal(['end']));
    expect(client.bytes.equals(sent)).to.equal(true);
    await eventually(() => expect([proxy.open, proxy.held]).to.deep.equal([0, 0]));
    const lost = await receiving((socket) => socket.resetAndDestroy());
    await eventually(() => has(lost.client, '', 'ECONNRESET'));
  });

  for (const [title, toxic, expectOf] of whole)
    it(title, async () => {
      const { client } = await receiving((socket) => socket.write(numbers), toxic);
      await eventually(() => has(client, text));
      expectOf(client);
    });

  it('jitter: at uneven times, in the same order', async () => {
    const { client } = await receiving(
      (socket) => {
        for (let n = 0; n < 20; n += 1) setTimeout(() => socket.write(text.charAt(n)), n * 10);
      },
      delay({ latency: 40, jitter: 40 }),
    );
    await eventually(() => has(client, text.slice(0, 20)));
    const gaps = client.pieces.slice(1).map(({ at }, index) => at - client.pieces[index]!.at);
    expect(Math.max(...gaps), 'the longest gap').to.be.above(20);
  });

  it('drip: a byte, then a pause, until it is removed', async () => {
    const { client, remove } = await receiving((socket) => socket.write(numbers), drip(20));
    await eventually(() => expect(client.bytes.length).to.be.at.least(6));
    expect(client.pieces.at(-1)!.at).to.be.above(95);
    expect(client.bytes.length).to.be.below(60);
    remove();
    await eventually(() => has(client, text));
  });

  it('corruption: the byte at its place, and by one bit', async () => {
    const { client } = await receiving((socket) => socket.write(numbers), corrupt({ at: 7 }));
    await eventually(() => expect(client.bytes).to.have.lengthOf(256));
    const wrong = [...client.bytes].flatMap((byte, at) => (byte === at ? [] : [at]));
    expect(wrong).to.deep.equal([7]);
    expect([1, 2, 4, 8, 16, 32, 64, 128]).to.include(client.bytes[7]! ^ 7);
  });

  it('corruption with a probability: the same bytes for the same seed', async () => {
    const { port } = await listen((socket) => socket.write(Buffer.alloc(5_000)));
    const run = async (seed: number) => {
      const proxy = await start(port, seed);
      proxy.down.add(corrupt({ probability: 0.1, how: 'replace' }));
      const client = await plainClient(proxy.port);
      await eventually(() => expect(client.bytes).to.have.lengthOf(5_000));
      return client.bytes;
    };
    const [five, again, six] = [await run(5), await run(5), await run(6)];
    expect(five.filter((byte) => byte !== 0).length).to.be.within(400, 600);
    expect([five.equals(again), five.equals(six)]).to.deep.equal([true, false]);
  });

  it('slow close: the bytes come, the FIN later', async () => {
    const { client } = await receiving((socket) => socket.end('bye'), slowClose(120));
    await eventually(() => has(client, 'bye', 'end'));
    expect(client.ends[0]!.at - client.pieces[0]!.at).to.be.within(100, 600);
  });

  it('stall: what is before the byte comes, what is behind it when it is over', async () => {
    const { client, remove } = await receiving((socket) => socket.end(numbers), stall({ at: 4 }));
    await delayed(60);
    has(client, text.slice(0, 4));
    remove();
    await eventually(() => has(client, text, 'end'));
  });

  it('black hole: accepted, swallowed, for good; the other direction is whole', async () => {
    const { server, proxy, client } = await receiving((socket) => socket.pipe(socket));
    const remove = proxy.up.add(blackHole());
    const during = await plainClient(proxy.port);
    for (const each of [client, during]) each.write('x');
    await delayed(40);
    remove();
    const after = await plainClient(proxy.port);
    for (const each of [client, during, after]) each.write('y');
    await eventually(() => has(after, 'y'));
    for (const each of [client, during]) has(each, '');
    for (const socket of server.sockets) socket.write('down');
    await eventually(() => has(client, 'down'));
  });

  it('reset: RST to both sides', async () => {
    const codes: unknown[] = [];
    const { proxy, client } = await receiving((socket) =>
      socket.on('error', ({ code }: NodeJS.ErrnoException) => codes.push(code)),
    );
    // the server has accepted it
    await delayed(20);
    proxy.down.add(reset());
    await eventually(() => has(client, '', 'ECONNRESET'));
    await eventually(() => expect(codes).to.deep.equal(['ECONNRESET']));
  });

  it('limited data: so many bytes, then FIN', async () => {
    const { server, client } = await receiving(
      (socket) => socket.write('0123456789'),
      limitData(6),
    );
    await eventually(() => has(client, '012345', 'end'));
    await eventually(() => expect(server.sockets.size).to.equal(0));
  });
});

describe('the faulty proxy', () => {
  it('disabled: connections end, dials are refused, until it is enabled', async () => {
    const { proxy, client } = await receiving((socket) => socket.write('hello'));
    await proxy.disable();
    await eventually(() => expect(client.hows).to.deep.equal(['ECONNRESET']));
    const refused = await plainClient(proxy.port).catch((error: unknown) => error);
    expect(refused).to.have.property('code', 'ECONNREFUSED');
    await proxy.enable();
    const next = await plainClient(proxy.port);
    await eventually(() => has(next, 'hello'));
  });

  it('pauses a server that is faster than its toxic, instead of holding all of it', async () => {
    const { proxy, server } = await receiving(
      (socket) => socket.write(Buffer.alloc(50_000_000)),
      stall({ at: 10 }),
    );
    await delayed(150);
    expect(proxy.held).to.be.within(1, 512 * 1024);
    expect([...server.sockets][0]!.writableLength, 'what waits').to.be.above(0);
  });

  it('leaves nothing open after stop(), whatever was under way', async () => {
    const { server, proxy, client } = await receiving((socket) => socket.end('0123456789'));
    const open = watch();
    proxy.down.add(stall({ at: 4 }));
    proxy.up.add(blackHole());
    proxy.down.add(slowClose(60_000));
    const other = await plainClient(proxy.port);
    await delayed(20);
    await proxy.stop();
    await server.stop();
    await eventually(() => expect(other.hows).to.deep.equal(['ECONNRESET']));
    client.destroy();
    await eventually(() => expect(open()).to.deep.equal([]));
    expect([proxy.open, proxy.held]).to.deep.equal([0, 0]);
  });
});
