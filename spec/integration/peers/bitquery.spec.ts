import { expect } from 'chai';
import { describe, it } from 'mocha';
import { lastValueFrom, take, toArray } from 'rxjs';
import { bitquery, explainBitqueryError } from 'rx-graphql-ws/bitquery';
import { eventually } from '../../helpers/eventually.js';
import { failureOf } from '../../helpers/failure-of.js';
import { peers, usePeer } from '../../helpers/peers/real-peer.js';
import { useSocket } from '../../helpers/use-socket.js';

describe('the preset for Bitquery', () => {
  const start = usePeer();
  const connect = useSocket();

  for (const { name, attach } of peers) {
    const speaks = name === 'subscriptions-transport-ws' ? 'graphql-ws' : 'graphql-transport-ws';

    it(`subscribes over ${speaks} with ${name}, and goes on after a restart`, async () => {
      const peer = await start(attach);
      const socket = connect(bitquery({ token: 'abc', url: peer.url, retry: { delay: 20 } }));
      let subprotocol: string | undefined;
      socket.status$.subscribe((status) => {
        if (status.state === 'connected') ({ subprotocol } = status);
      });
      const countdown$ = socket.subscribe$('subscription { countdown(from: 3) }');
      const counted = await lastValueFrom(countdown$.pipe(toArray()));
      expect(counted).to.deep.include.members([{ countdown: 3 }, { countdown: 1 }]);

      const ticks = lastValueFrom(socket.subscribe$('subscription { ticks }').pipe(take(6)));
      await eventually(() => expect(peer.seen.open.get('ticks')).to.equal(1));
      await peer.stop();
      await peer.start();
      expect(await ticks).to.have.property('ticks');
      expect(subprotocol).to.equal(speaks);
      for (const offer of peer.offers)
        expect(offer).to.deep.equal(['graphql-ws', 'graphql-transport-ws']);
    });

    it(`knows the error of an operation by its text with ${name}`, async () => {
      const peer = await start(attach);
      const socket = connect(bitquery({ token: 'abc', url: peer.url }));
      const error = await failureOf(
        socket.subscribe$('subscription { nothing }'),
        'OperationError',
      );
      expect(explainBitqueryError(error)).to.include({ kind: 'other', message: error.message });
    });
  }
});
