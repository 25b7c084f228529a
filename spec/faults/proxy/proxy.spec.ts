import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delayed } from 'node:timers/promises';
import { eventually } from '../../helpers/eventually.js';
import { failureOfDial } from '../../helpers/faulty-proxy/failure-of-dial.js';
import { blackHole } from '../../helpers/faulty-proxy/black-hole.js';
import { plainClient } from '../../helpers/faulty-proxy/plain-client.js';
import { slowClose } from '../../helpers/faulty-proxy/slow-close.js';
import { stall } from '../../helpers/faulty-proxy/stall.js';
import { useProxiedTcp } from '../../helpers/faulty-proxy/use-proxied-tcp.js';
import { useCalm } from '../../helpers/net/use-calm.js';
import { useWatch } from '../../helpers/use-watch.js';

const watch = useWatch();
const speaking = useProxiedTcp();
useCalm();

describe('the faulty proxy', () => {
  it('disabled: connections end, dials are refused, until it is enabled', async () => {
    const { proxy } = await speaking((socket) => socket.write('hello'));
    const client = await plainClient(proxy.port);
    await proxy.disable();
    await eventually(() => expect(client.hows).to.deep.equal(['ECONNRESET']));
    expect(await failureOfDial(proxy.port)).to.equal('ECONNREFUSED');
    await proxy.enable();
    const next = await plainClient(proxy.port);
    await eventually(() => expect(next.bytes.toString()).to.equal('hello'));
  });

  it('pauses a server that is faster than its toxic, instead of holding all of it', async () => {
    let sent = 0;
    const { proxy } = await speaking((socket) => {
      const more = () => {
        while (socket.writable && sent < 100_000_000 && socket.write(Buffer.alloc(65_536)))
          sent += 65_536;
      };
      socket.on('drain', more);
      more();
    });
    proxy.down.add(stall({ at: 10 }));
    await plainClient(proxy.port);
    await delayed(150);
    expect(proxy.held).to.be.within(1, 512 * 1024);
    expect(sent, 'what the server could get rid of').to.be.within(65_536, 50_000_000);
  });

  it('leaves nothing open after stop(), whatever was under way', async () => {
    const { server, proxy } = await speaking((socket) => socket.end('0123456789'));
    const open = watch();
    proxy.down.add(stall({ at: 4 }));
    proxy.up.add(blackHole());
    proxy.down.add(slowClose(60_000));
    const clients = [await plainClient(proxy.port), await plainClient(proxy.port)];
    await delayed(20);
    await proxy.stop();
    await server.stop();
    await eventually(() =>
      expect(clients.flatMap((client) => client.hows)).to.deep.equal(['ECONNRESET', 'ECONNRESET']),
    );
    await eventually(() => expect(open()).to.deep.equal([]));
    expect([proxy.open, proxy.held]).to.deep.equal([0, 0]);
  });
});
