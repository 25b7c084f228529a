import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { SocketStatus, WebSocketConstructor } from 'rx-graphql-ws';
import { WebSocket } from 'ws';
import { eventually } from '../../helpers/eventually.js';
import { peers, usePeer } from '../../helpers/peers/real-peer.js';
import { useSocket } from '../../helpers/use-socket.js';

const broken = new DOMException('The object is in an invalid state.', 'InvalidStateError');

/** The WebSocket of `ws`, which throws over the first message of one of these types, and over the first ping of its own protocol. */
function throwsOnce(types: readonly string[]) {
  let left = 1;
  const spend = () => {
    if (left === 0) return;
    left -= 1;
    throw broken;
  };
  class Breaking extends WebSocket {
    override send(data: string) {
      const { type } = JSON.parse(data) as { type: string };
      if (types.includes(type)) spend();
      super.send(data);
    }
    override ping() {
      if (types.includes('ping')) spend();
      super.ping();
    }
  }
  return { webSocketImpl: Breaking as WebSocketConstructor, isBroken: () => left === 0 };
}

const messages: Readonly<Record<string, readonly string[]>> = {
  'the init': ['connection_init'],
  'an operation': ['subscribe', 'start'],
  'the end of an operation': ['complete', 'stop'],
  'a ping': ['ping'],
};

describe('a WebSocket that throws', () => {
  const start = usePeer();
  const connect = useSocket();
  for (const { name, attach } of peers)
    for (const [what, types] of Object.entries(messages))
      it(`over ${what} to ${name} is replaced, and the stream goes on`, async () => {
        const peer = await start(attach);
        const { webSocketImpl, isBroken } = throwsOnce(types);
        const socket = connect({ url: peer.url, webSocketImpl, pingInterval: 20 });
        const statuses: SocketStatus[] = [];
        socket.status$.subscribe((status) => statuses.push(status));
        const ticks: unknown[] = [];
        socket.subscribe$('subscription { ticks }').subscribe((data) => ticks.push(data));
        if (types.includes('stop')) {
          await eventually(() => expect(ticks).not.to.deep.equal([]));
          const other = socket.subscribe$('subscription { ticks }').subscribe();
          other.unsubscribe();
        }
        await eventually(() => expect(isBroken()).to.equal(true));
        const before = ticks.length;
        await eventually(() => expect(ticks.length).to.be.greaterThan(before + 2));
        const waits = statuses.flatMap((status) =>
          status.state === 'waiting' ? [status.error] : [],
        );
        expect(waits).to.have.length(1);
        expect(waits[0]).to.include({ name: 'ConnectionClosedError', code: 1006, cause: broken });
        await eventually(() => expect(peer.connections).to.equal(1));
      });
});
