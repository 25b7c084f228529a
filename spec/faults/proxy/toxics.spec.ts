import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Socket } from 'node:net';
import { eventually } from '../../helpers/eventually.js';
import { bandwidth } from '../../helpers/faulty-proxy/bandwidth.js';
import { corrupt } from '../../helpers/faulty-proxy/corrupt.js';
import { delay } from '../../helpers/faulty-proxy/delay.js';
import { drip } from '../../helpers/faulty-proxy/drip.js';
import { plainClient } from '../../helpers/faulty-proxy/plain-client.js';
import { slice } from '../../helpers/faulty-proxy/slice.js';
import type { Toxic } from '../../helpers/faulty-proxy/toxic.js';
import { proxySeed, useFaultyProxy } from '../../helpers/faulty-proxy/use-faulty-proxy.js';
import { useTcp } from '../../helpers/net/tcp-server.js';
import { useCalm } from '../../helpers/net/use-calm.js';

const start = useFaultyProxy();
const listen = useTcp();
useCalm();

/** A client behind a proxy with one toxic on the way down, before a server that begins with this. */
async function receiving(toxic: Toxic | undefined, speak: (socket: Socket) => void) {
  const proxy = await start((await listen(speak)).port);
  const remove = toxic ? proxy.down.add(toxic) : () => {};
  return { proxy, remove, client: await plainClient(proxy.port) };
}

const numbers = Buffer.from(Array.from({ length: 256 }, (_, index) => index));

describe(`the effect of a toxic of the faulty proxy on bytes (FAULTY_PROXY_SEED=${proxySeed})`, () => {
  it('nothing without one, in both directions', async () => {
    const { proxy, client } = await receiving(undefined, (socket) => socket.pipe(socket));
    const sent = Buffer.alloc(3_000_000, numbers);
    client.write(sent);
    client.end();
    await eventually(() => expect(client.ends).to.have.lengthOf(1));
    expect(client.bytes.equals(sent)).to.equal(true);
    await eventually(() => expect([proxy.open, proxy.held]).to.deep.equal([0, 0]));
  });

  it('latency: they come so much later, however many are under way', async () => {
    const { client } = await receiving(delay({ latency: 80 }), (socket) => {
      for (let n = 0; n < 10; n += 1) setTimeout(() => socket.write(String(n)), n * 10);
    });
    await eventually(() => expect(client.bytes.toString()).to.equal('0123456789'));
    const [first, last] = [client.pieces[0]!.at, client.pieces.at(-1)!.at];
    expect(first).to.be.within(75, 400);
    // one after the other they would take 800
    expect(last).to.be.within(160, 600);
  });

  it('jitter: at uneven times, in the same order', async () => {
    const { client } = await receiving(delay({ latency: 40, jitter: 40 }), (socket) => {
      for (let n = 0; n < 20; n += 1)
        setTimeout(() => socket.write(numbers.subarray(n, n + 1)), n * 10);
    });
    await eventually(() => expect(client.bytes).to.have.lengthOf(20));
    expect([...client.bytes]).to.deep.equal([...numbers.subarray(0, 20)]);
    const gaps = client.pieces.slice(1).map(({ at }, index) => at - client.pieces[index]!.at);
    expect(Math.max(...gaps), 'the longest gap').to.be.above(20);
  });

  it('slices: a segment for each byte', async () => {
    const { client } = await receiving(slice(1), (socket) => socket.write(numbers));
    await eventually(() => expect(client.bytes.equals(numbers)).to.equal(true));
    const single = client.pieces.filter(({ bytes }) => bytes.length === 1);
    expect(single.length, 'pieces of one byte').to.be.above(200);
  });

  it('drip: a byte, then a pause', async () => {
    const { client, remove } = await receiving(drip(20), (socket) => socket.write(numbers));
    await eventually(() => expect(client.bytes.length).to.be.at.least(6));
    expect(client.pieces.at(-1)!.at).to.be.above(95);
    expect(client.bytes.length).to.be.below(60);
    remove();
    await eventually(() => expect(client.bytes.equals(numbers)).to.equal(true));
  });

  it('bandwidth: so many in a second', async () => {
    const { client } = await receiving(bandwidth(100_000), (socket) =>
      socket.write(Buffer.alloc(30_000)),
    );
    await eventually(() => expect(client.bytes).to.have.lengthOf(30_000));
    expect(client.pieces.at(-1)!.at).to.be.within(270, 900);
  });

  it('corruption at a byte: that one, and by one bit', async () => {
    const { client } = await receiving(corrupt({ at: 7 }), (socket) => {
      socket.write(numbers.subarray(0, 5));
      setTimeout(() => socket.write(numbers.subarray(5)), 20);
    });
    await eventually(() => expect(client.bytes).to.have.lengthOf(256));
    const wrong = [...client.bytes].flatMap((byte, at) => (byte === at ? [] : [at]));
    expect(wrong).to.deep.equal([7]);
    expect([1, 2, 4, 8, 16, 32, 64, 128]).to.include(client.bytes[7]! ^ 7);
  });

  it('corruption with a probability: as many of all, each another byte', async () => {
    const sent = Buffer.alloc(20_000, numbers);
    const damage = corrupt({ probability: 0.1, how: 'replace' });
    const { client } = await receiving(damage, (socket) => socket.write(sent));
    await eventually(() => expect(client.bytes).to.have.lengthOf(20_000));
    expect([...client.bytes].filter((byte, at) => byte !== sent[at]).length).to.be.within(
      1_700,
      2_300,
    );
  });

  it('corruption is the same for the same seed', async () => {
    const { port } = await listen((socket) => socket.write(Buffer.alloc(5_000)));
    const run = async (seed: number) => {
      const proxy = await start(port, seed);
      proxy.down.add(corrupt({ probability: 0.01 }));
      const client = await plainClient(proxy.port);
      await eventually(() => expect(client.bytes).to.have.lengthOf(5_000));
      return client.bytes.toString('hex');
    };
    expect(await run(5))
      .to.equal(await run(5))
      .and.not.equal(await run(6));
  });

  it('several at once: each on what the one before it passed on', async () => {
    const { proxy, client } = await receiving(delay({ latency: 60 }), (socket) =>
      socket.write(numbers),
    );
    proxy.down.add(slice(1));
    await eventually(() => expect(client.bytes.equals(numbers)).to.equal(true));
    expect(client.pieces[0]!.at).to.be.above(55);
    expect(client.pieces.length).to.be.above(200);
  });
});
