import { expect } from 'chai';
import { describe } from 'mocha';
import { createHandshake as greet } from '../../../../lib/testing/server/handshake.js';
import { legacyDialect } from '../../../../lib/testing/server/dialects.js';
import type { Peer } from '../../../../lib/testing/server/peer.js';
import { timed } from '../../marble-test.js';

const options = {
  ackDelay: 0,
  connect: () => true,
  initTimeout: false,
  keepAlive: 1_000,
  keepAliveMessage: 'ping',
  keepAlivePayload: undefined,
  nextFault: () => undefined,
} as const;

describe('keepAliveJitter', () => {
  timed('moves each heartbeat, by the seed and the connection', ({ now, advance }) => {
    const beatsOf = (seed: number, keepAliveJitter: number, connection = 1) => {
      const began = now();
      const times: number[] = [];
      const peer = {
        connection,
        send: ({ type }: { type: string }) => type === 'ka' && times.push(now() - began),
      } as unknown as Peer;
      const beating = greet(peer, legacyDialect, { ...options, seed, keepAliveJitter })
        .init({ type: 'connection_init' })
        .subscribe();
      advance(20_000);
      beating.unsubscribe();
      return times;
    };
    const even = beatsOf(1, 0);
    expect(even)
      .to.deep.equal(even.map((_, n) => n * 1_000))
      .and.to.have.length(21);
    const times = beatsOf(1, 0.25);
    const waits = times.slice(1).map((at, n) => at - times[n]!);
    for (const wait of waits) expect(wait).to.be.within(750, 1_250);
    expect(Math.min(...waits)).to.be.below(850);
    expect(Math.max(...waits)).to.be.above(1_150);
    expect(beatsOf(1, 0.25)).to.deep.equal(times);
    expect(beatsOf(2, 0.25)).not.to.deep.equal(times);
    expect(beatsOf(1, 0.25, 2)).not.to.deep.equal(times);
  });
});
