import { expect } from 'chai';
import { describe, it } from 'mocha';
import { handshake, keepAlive, openSocket } from 'rx-graphql-ws';
import { fakeSocket } from 'rx-graphql-ws/testing';
import type { KeepAliveOptions } from '../../lib/connection/keep-alive/keep-alive.js';
import type { VirtualTime } from '../helpers/virtually.js';
import { virtually } from '../helpers/virtually.js';

/** The stages as a user composes them, up to the ack. */
function watch({ record }: VirtualTime, options: KeepAliveOptions) {
  const fake = fakeSocket({ ws: true });
  const connection$ = openSocket({ url: 'ws://peer/graphql', webSocketImpl: fake });
  const watched = record(connection$.pipe(handshake(), keepAlive(options)));
  const { peer } = fake;
  peer.open('graphql-transport-ws');
  peer.send({ type: 'connection_ack' });
  return { peer, watched };
}

describe('keepAlive as a stage of a pipeline of one’s own', () => {
  it(
    'leaves a socket that has fallen silent without goodbye',
    virtually((time) => {
      const { peer, watched } = watch(time, { keepAliveTimeout: 100, pingInterval: false });
      time.advance(102);
      expect(watched.error).to.include({ name: 'SilentDisconnectError', kind: 'silence' });
      expect(peer.closes.map(({ code }) => code)).to.deep.equal(['terminated']);
      expect(time.timers()).to.equal(0);
    }),
  );

  it(
    'learns nothing from pongs that answer its pings',
    virtually((time) => {
      const { peer, watched } = watch(time, { pingInterval: 4_000, pongTimeout: false });
      for (let n = 0; n < 5; n += 1) {
        time.advance(4_000);
        peer.send({ type: 'pong' });
      }
      time.advance(60_000);
      expect(watched.error).to.equal(undefined);
      watched.unsubscribe();
    }),
  );
});
