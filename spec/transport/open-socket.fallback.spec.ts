import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { Connection, HandshakeOptions, RetryOptions } from 'rx-graphql-ws';
import { handshake, openSocket, reconnect } from 'rx-graphql-ws';
import type { Observable } from 'rxjs';
import { defer, timer } from 'rxjs';
import type { Move, Scripted } from '../helpers/scripted.js';
import { accepts, fails, opensOnly, scripted, scriptedWs } from '../helpers/scripted.js';
import { virtually } from '../helpers/virtually.js';
import { init } from '../helpers/wire.js';

const both = ['graphql-transport-ws', 'graphql-ws'];
const old = ['graphql-ws'];

/** Echoes the first offer 1 ms after the dial, and closes 1 ms later without a message. */
const closing =
  (code: number): Move =>
  (peer) => {
    timer(1).subscribe(() => peer.open());
    timer(2).subscribe(() => peer.close(code));
  };

/** Speaks the legacy protocol alone, and says so only by closing. */
const legacyOnly: Move = (peer) =>
  (peer.offered[0] === 'graphql-ws' ? accepts() : closing(1002))(peer);

interface Pipeline {
  readonly connection$: Observable<Connection>;
  offers(): readonly (readonly string[])[];
  /** How often `openSocket` was subscribed to, and how often it asked for its URL. */
  readonly counts: { subscribed: number; asked: number };
}

/** The stages as a user puts them together. */
function pipeline(
  fake: Scripted,
  retry: RetryOptions = {},
  handshakeOptions: HandshakeOptions = {},
): Pipeline {
  const counts = { subscribed: 0, asked: 0 };
  const url = () => {
    counts.asked += 1;
    return 'ws://peer/graphql';
  };
  const socket$ = openSocket({ url, webSocketImpl: fake });
  const counted$ = defer(() => {
    counts.subscribed += 1;
    return socket$;
  });
  return {
    connection$: counted$.pipe(handshake(handshakeOptions), reconnect({ delay: 10, ...retry })),
    offers: () => fake.peers.map(({ offered }) => offered),
    counts,
  };
}

const subprotocols = (connections: readonly Connection[]) =>
  connections.map(({ subprotocol }) => subprotocol);

describe('openSocket in a pipeline made by hand', () => {
  it(
    'falls back to the legacy protocol at once, on the same subscription, and remembers that',
    virtually(({ record, advance }) => {
      const fake = scripted(legacyOnly);
      const { connection$, offers, counts } = pipeline(fake);
      const { values, unsubscribe } = record(connection$);
      advance(4);
      expect(offers()).to.deep.equal([both, old]);
      expect(fake.peers[1]!.dialledAt).to.equal(2);
      expect(fake.peers.map(({ sent }) => sent)).to.deep.equal([[init], [init]]);
      expect(subprotocols(values)).to.deep.equal(old);
      expect(counts).to.deep.equal({ subscribed: 1, asked: 1 });
      fake.peers[1]!.close(1001);
      advance(20);
      expect(offers()).to.deep.equal([both, old, old]);
      expect(subprotocols(values)).to.deep.equal([...old, ...old]);
      expect(counts).to.deep.equal({ subscribed: 2, asked: 2 });
      unsubscribe();
    }),
  );

  it(
    'remembers it for the next subscriber',
    virtually(({ record, advance }) => {
      const { connection$, offers } = pipeline(scripted(legacyOnly));
      for (let run = 0; run < 2; run += 1) {
        const { values, unsubscribe } = record(connection$);
        advance(4);
        expect(subprotocols(values)).to.deep.equal(old);
        unsubscribe();
        advance(1);
      }
      expect(offers()).to.deep.equal([both, old, old]);
    }),
  );

  it(
    'offers none to a server that selects none, and speaks the legacy protocol to it',
    virtually(({ record, advance }) => {
      const selectsNone: Move = (peer) => {
        if (peer.offered.length === 0) accepts('')(peer);
        else timer(1).subscribe(() => fails(new Error('Server sent no subprotocol'))(peer));
      };
      const { connection$, offers, counts } = pipeline(scriptedWs(selectsNone));
      const { values, unsubscribe } = record(connection$);
      advance(4);
      expect(offers()).to.deep.equal([both, []]);
      expect(subprotocols(values)).to.deep.equal(old);
      expect(counts.subscribed).to.equal(1);
      unsubscribe();
    }),
  );

  it(
    'uses up one attempt when the second offer fails, too',
    virtually(({ record, advance }) => {
      const { connection$, offers, counts } = pipeline(scripted(closing(1002)), { count: 1 });
      const connections = record(connection$);
      advance(1_000);
      expect(offers()).to.deep.equal([both, old, both, old]);
      expect(connections.log).to.deep.equal([[18, 'error', 'ConnectionClosedError']]);
      expect(connections.error).to.include({ code: 1002 });
      expect(counts).to.deep.equal({ subscribed: 2, asked: 2 });
    }),
  );

  it(
    'starts over when the handshake gave up a server that says nothing to the remembered offer',
    virtually(({ record, advance }) => {
      const fake = scripted(closing(1002), accepts(), opensOnly, accepts());
      const { connection$, offers } = pipeline(fake, {}, { ackTimeout: 20 });
      const { values, unsubscribe } = record(connection$);
      advance(4);
      fake.peers[1]!.close(1001);
      advance(100);
      expect(offers()).to.deep.equal([both, old, old, both]);
      expect(subprotocols(values)).to.deep.equal(['graphql-ws', 'graphql-transport-ws']);
      unsubscribe();
    }),
  );
});
