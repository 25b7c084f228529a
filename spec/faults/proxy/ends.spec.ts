import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delayed } from 'node:timers/promises';
import { eventually } from '../../helpers/eventually.js';
import { blackHole } from '../../helpers/faulty-proxy/black-hole.js';
import { limitData } from '../../helpers/faulty-proxy/limit-data.js';
import { plainClient } from '../../helpers/faulty-proxy/plain-client.js';
import { reset } from '../../helpers/faulty-proxy/reset.js';
import { slowClose } from '../../helpers/faulty-proxy/slow-close.js';
import { stall } from '../../helpers/faulty-proxy/stall.js';
import { useProxiedTcp } from '../../helpers/faulty-proxy/use-proxied-tcp.js';
import { useCalm } from '../../helpers/net/use-calm.js';

const speaking = useProxiedTcp();
useCalm();

describe('the effect of a toxic of the faulty proxy on connections', () => {
  it('none: a FIN is a FIN, a reset is a reset', async () => {
    const { proxy } = await speaking((socket) => {
      socket.once('data', (data) => {
        if (data.toString() === 'end') socket.end('bye');
        else socket.resetAndDestroy();
      });
    });
    const [ended, lost] = [await plainClient(proxy.port), await plainClient(proxy.port)];
    ended.write('end');
    lost.write('reset');
    await eventually(() =>
      expect([ended.hows, lost.hows]).to.deep.equal([['end'], ['ECONNRESET']]),
    );
    expect(ended.bytes.toString()).to.equal('bye');
    await eventually(() => expect(proxy.open).to.equal(0));
  });

  it('slow close: the bytes come, the FIN later', async () => {
    const { proxy } = await speaking((socket) => socket.end('bye'));
    proxy.down.add(slowClose(120));
    const client = await plainClient(proxy.port);
    await eventually(() => expect(client.hows).to.deep.equal(['end']));
    const [first, end] = [client.pieces[0]!.at, client.ends[0]!.at];
    expect(end - first).to.be.within(100, 600);
  });

  it('stall: what is before the byte comes, what is behind it when it is over', async () => {
    const { proxy } = await speaking((socket) => socket.end('0123456789'));
    const remove = proxy.down.add(stall({ at: 4 }));
    const client = await plainClient(proxy.port);
    await delayed(60);
    expect([client.bytes.toString(), ...client.hows]).to.deep.equal(['0123']);
    remove();
    await eventually(() =>
      expect([client.bytes.toString(), ...client.hows]).to.deep.equal(['0123456789', 'end']),
    );
  });

  it('black hole: accepted, swallowed, for good', async () => {
    const { server, proxy } = await speaking((socket) => {
      socket.write('hello');
      socket.once('data', (data) => socket.end(data));
    });
    const before = await plainClient(proxy.port);
    await eventually(() => expect(before.bytes.toString()).to.equal('hello'));
    const removals = [proxy.up.add(blackHole()), proxy.down.add(blackHole())];
    const during = await plainClient(proxy.port);
    for (const client of [before, during]) client.write('x');
    await delayed(40);
    for (const remove of removals) remove();
    const after = await plainClient(proxy.port);
    for (const client of [before, during, after]) client.write('y');
    await eventually(() => expect(after.hows).to.deep.equal(['end']));
    const seen = [before, during, after].map(({ bytes }) => bytes.toString());
    expect(seen).to.deep.equal(['hello', '', 'helloy']);
    expect([...before.hows, ...during.hows]).to.deep.equal([]);
    before.destroy();
    during.destroy();
    await delayed(20);
    expect(server.sockets.size, 'half-open at the server').to.equal(2);
  });

  it('black hole in one direction: the other one is whole', async () => {
    const { proxy } = await speaking((socket) => socket.on('data', (data) => socket.write(data)));
    proxy.up.add(blackHole());
    const client = await plainClient(proxy.port);
    client.write('x');
    await delayed(40);
    expect(client.bytes).to.have.lengthOf(0);
  });

  it('reset: RST to both sides', async () => {
    const codes: unknown[] = [];
    const { proxy } = await speaking((socket) =>
      socket.on('error', ({ code }: NodeJS.ErrnoException) => codes.push(code)),
    );
    const client = await plainClient(proxy.port);
    // the server has accepted it
    await delayed(20);
    const remove = proxy.down.add(reset());
    await eventually(() =>
      expect([client.hows, codes]).to.deep.equal([['ECONNRESET'], ['ECONNRESET']]),
    );
    remove();
    const next = await plainClient(proxy.port);
    await delayed(20);
    expect(next.hows).to.deep.equal([]);
  });

  it('limited data: so many bytes, then FIN', async () => {
    const { server, proxy } = await speaking((socket) => {
      socket.write('0123');
      setTimeout(() => socket.write('456789'), 20);
    });
    proxy.down.add(limitData(6));
    const client = await plainClient(proxy.port);
    await eventually(() =>
      expect([client.bytes.toString(), ...client.hows]).to.deep.equal(['012345', 'end']),
    );
    await eventually(() => expect(server.sockets.size).to.equal(0));
  });
});
