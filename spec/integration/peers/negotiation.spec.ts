import { expect } from 'chai';
import { describe, it } from 'mocha';
import { firstValueFrom, lastValueFrom, map, skip, take, toArray } from 'rxjs';
import type { GraphQLSocket } from 'rx-graphql-ws';
import { eventually } from '../../helpers/eventually.js';
import { failureOf } from '../../helpers/failure-of.js';
import { attachGraphqlWs } from '../../helpers/peers/graphql-ws-peer.js';
import { attachLegacy } from '../../helpers/peers/legacy-peer.js';
import { peers, usePeer } from '../../helpers/peers/real-peer.js';
import { useServer } from '../../helpers/use-server.js';
import { useSocket } from '../../helpers/use-socket.js';

const current = 'graphql-transport-ws';
const legacy = 'graphql-ws';

describe('negotiation', () => {
  const start = usePeer();
  const serve = useServer();
  const connect = useSocket();

  for (const { name, attach, speaks, dials } of peers) {
    it(`comes to ${speaks} with ${name}, and never waits on the way`, async () => {
      const peer = await start(attach);
      const socket = connect({ url: peer.url });
      const states = statesOf(socket);
      await lastValueFrom(socket.query$('{ hello }'));
      expect(states.slice(0, 3)).to.deep.equal(['idle', 'connecting 0', `connected ${speaks}`]);
      expect(peer.offers).to.deep.equal(dials);
    });

    it(`comes to the legacy protocol with ${name} where that is offered first`, async () => {
      const peer = await start(attach);
      const socket = connect({ url: peer.url, subprotocols: [legacy, current] });
      const { subprotocol } = await firstValueFrom(socket.connection$);
      expect(subprotocol).to.equal(name === 'subscriptions-transport-ws' ? legacy : current);
      expect(peer.offers).to.deep.equal([[legacy, current]]);
    });
  }

  it('remembers over reconnects that a server speaks the legacy protocol alone', async () => {
    const peer = await start(attachLegacy);
    const socket = connect({ url: peer.url });
    const connections = lastValueFrom(
      socket.connection$.pipe(
        map(({ subprotocol }) => subprotocol),
        take(3),
        toArray(),
      ),
    );
    for (const dialled of [2, 3]) {
      await eventually(() => expect(socket).to.satisfy(isConnected));
      expect(peer.offers).to.have.length(dialled);
      peer.close(1001);
      await eventually(() => expect(socket).not.to.satisfy(isConnected));
    }
    expect(await connections).to.deep.equal([legacy, legacy, legacy]);
    expect(peer.offers).to.deep.equal([[current, legacy], [legacy], [legacy], [legacy]]);
  });

  it('finds the way back when the server is replaced by one of the current protocol', async () => {
    const old = await start(attachLegacy);
    const socket = connect({ url: old.url });
    const values = firstValueFrom(socket.connection$.pipe(skip(1)));
    await eventually(() => expect(socket).to.satisfy(isConnected));
    await old.stop();
    const { port } = new URL(old.url);
    await serve({ port: Number(port), subprotocols: [current] });
    expect((await values).subprotocol).to.equal(current);
  });

  it('forced to the current protocol, speaks it with those that have it', async () => {
    for (const { attach, speaks } of peers.filter((peer) => peer.speaks === current)) {
      const peer = await start(attach);
      const socket = connect({ url: peer.url, subprotocols: [current] });
      expect((await firstValueFrom(socket.connection$)).subprotocol).to.equal(speaks);
      expect(peer.offers).to.deep.equal([[current]]);
    }
  });

  it('forced to the current protocol, does not fall back', async () => {
    const peer = await start(attachLegacy);
    const socket = connect({ url: peer.url, subprotocols: [current], retry: false });
    const error = await failureOf(socket.query$('{ hello }'), 'ConnectionClosedError');
    expect(error.code).to.equal(1002);
    expect(peer.offers).to.deep.equal([[current]]);
  });

  it('forced to the legacy protocol, speaks it with those that have it', async () => {
    for (const { attach } of peers.filter((peer) => peer.attach !== attachGraphqlWs)) {
      const peer = await start(attach);
      const socket = connect({ url: peer.url, subprotocols: [legacy] });
      expect((await firstValueFrom(socket.connection$)).subprotocol).to.equal(legacy);
      expect(peer.offers).to.deep.equal([[legacy]]);
    }
  });

  it('forced to the legacy protocol, gives up at once on a server that has only the other', async () => {
    const peer = await start(attachGraphqlWs);
    const socket = connect({ url: peer.url, subprotocols: [legacy] });
    const error = await failureOf(socket.query$('{ hello }'), 'ConnectionClosedError');
    expect(error.code).to.equal(4406);
    // selected nothing, so dialled once more, offering none
    expect(peer.offers).to.deep.equal([[legacy], []]);
  });
});

function statesOf(socket: GraphQLSocket): string[] {
  const states: string[] = [];
  socket.status$.subscribe((status) => {
    const { state } = status;
    if (state === 'connecting') states.push(`${state} ${status.attempt}`);
    else states.push(state === 'connected' ? `${state} ${status.subprotocol}` : state);
  });
  return states;
}

function isConnected(socket: GraphQLSocket): boolean {
  return statesOf(socket).at(-1)?.startsWith('connected') === true;
}
