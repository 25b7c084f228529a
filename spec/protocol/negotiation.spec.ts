import { expect } from 'chai';
import { describe, it } from 'mocha';
import type { GraphQLSocketError } from '../../lib/errors.js';
import { ConnectionClosedError, ConnectionError, HandshakeError } from '../../lib/errors.js';
import type { FailedDial } from '../../lib/protocol/negotiation.js';
import { chooseCodec, createNegotiation } from '../../lib/protocol/negotiation.js';
import { graphqlTransportWs } from '../../lib/protocol/graphql-transport-ws.js';
import { subscriptionsTransportWs } from '../../lib/protocol/subscriptions-transport-ws.js';

const current = 'graphql-transport-ws';
const legacy = 'graphql-ws';
const both = [current, legacy];

const closed = (code: number) => new ConnectionClosedError(code, '', code !== 1006);
const noneSelected = new HandshakeError('subprotocol', 'no common subprotocol', {
  cause: new Error('Server sent no subprotocol'),
});

const failed = (
  offered: readonly string[],
  error: GraphQLSocketError,
  opened?: string,
  heard = false,
): FailedDial => ({ error, offered, opened, heard });

describe('createNegotiation', () => {
  describe('fallback', () => {
    const { fallback } = createNegotiation();

    for (const code of [1002, 4406, 1006])
      it(`is the legacy protocol alone when one that claimed the current closes with ${code} unheard`, () => {
        const dial = failed(both, closed(code), current);
        expect(fallback(dial, both)).to.deep.equal([legacy]);
        expect(fallback(dial, ['header-abc', ...both])).to.deep.equal([legacy, 'header-abc']);
      });

    for (const code of [1000, 1001, 1005, 1011, 1012, 4400, 4401, 4403, 4408, 4429, 4500])
      it(`is none after ${code}`, () => {
        expect(fallback(failed(both, closed(code), current), both)).to.equal(undefined);
      });

    const alone = [current];
    const none: Readonly<Record<string, readonly [dial: FailedDial, requested?: string[]]>> = {
      'the server had spoken': [failed(both, closed(1002), current, true)],
      'the legacy protocol was not asked for': [failed(alone, closed(1002), current), alone],
      'the server had selected the legacy protocol': [failed(both, closed(1002), legacy)],
      'the server had selected nothing': [failed([], closed(4406), '')],
      'the current protocol had not been offered': [failed([legacy], closed(1002), current)],
      'the socket did not open': [failed(both, new ConnectionError('refused'))],
      'the handshake timed out': [failed(both, new HandshakeError('timeout', ''), current)],
      'the server rejected': [failed(both, new HandshakeError('rejected', ''), current, true)],
      'the selected one is unknown': [failed(both, new HandshakeError('subprotocol', ''), 'x')],
      'nothing was selected of nothing': [failed([], noneSelected)],
    };
    for (const [why, [dial, requested = both]] of Object.entries(none))
      it(`is none when ${why}`, () => {
        expect(fallback(dial, requested)).to.equal(undefined);
      });

    for (const offered of [both, [current], [legacy], ['header-abc', legacy]])
      it(`is to offer none when nothing was selected of [${offered.join()}]`, () => {
        expect(fallback(failed(offered, noneSelected), offered)).to.deep.equal([]);
      });
  });

  describe('acknowledged', () => {
    const drop = failed(both, closed(1006), current);

    it('counts drops afresh after a dial that needed no fallback', () => {
      const negotiation = createNegotiation();
      negotiation.acknowledged([legacy], drop);
      negotiation.acknowledged(both, undefined);
      negotiation.acknowledged([legacy], drop);
      expect(negotiation.offer(both)).to.equal(both);
    });

    it('does not offer what is asked for no more', () => {
      const negotiation = createNegotiation();
      negotiation.acknowledged([legacy], failed(both, closed(1002), current));
      expect(negotiation.offer([current])).to.deep.equal([current]);
    });
  });

  describe('with a server that changes', () => {
    const learnt = (offer: readonly string[]) => {
      const negotiation = createNegotiation();
      negotiation.acknowledged(offer, failed(both, closed(1002), current));
      return negotiation;
    };

    it('starts over at the next dial when it opens and closes unheard', () => {
      const offer = [legacy];
      const negotiation = learnt(offer);
      expect(negotiation.fallback(failed(offer, closed(1001), legacy), both)).to.equal(undefined);
      expect(negotiation.offer(both)).to.equal(both);
    });

    for (const [what, error] of [
      ['an HTTP answer', new ConnectionError('HTTP 404', { status: 404 })],
      ['a browser, which does not tell why', new ConnectionError('failed')],
    ] as const)
      it(`starts over at the next dial when it does not open: ${what}`, () => {
        const offer = [legacy];
        const negotiation = learnt(offer);
        expect(negotiation.fallback(failed(offer, error), both)).to.equal(undefined);
        expect(negotiation.offer(both)).to.equal(both);
      });

    it('keeps what worked while it cannot be reached, or after it spoke', () => {
      const offer = [legacy];
      const negotiation = learnt(offer);
      for (const dial of [
        failed(offer, new ConnectionError('refused', { cause: new Error('ECONNREFUSED') })),
        failed(offer, closed(1006), legacy, true),
      ])
        expect(negotiation.fallback(dial, both)).to.equal(undefined);
      expect(negotiation.offer(both)).to.equal(offer);
    });
  });
});

describe('chooseCodec', () => {
  const codecs = [graphqlTransportWs(), subscriptionsTransportWs()];
  const chosen: [
    selected: string,
    requested: readonly string[],
    subprotocol: string | undefined,
  ][] = [
    [current, both, current],
    [legacy, both, legacy],
    [legacy, [current], legacy],
    ['', both, legacy],
    ['', [legacy], legacy],
    ['', [current], current],
    ['', ['header-abc', current], current],
    ['', ['header-abc'], current],
    ['', [], current],
    ['mqtt', both, undefined],
    ['header-abc', ['header-abc', legacy], undefined],
  ];
  for (const [selected, requested, subprotocol] of chosen)
    it(`is ${subprotocol ?? 'none'} where '${selected}' was selected of [${requested.join()}]`, () => {
      expect(chooseCodec(selected, requested, codecs)?.subprotocol).to.equal(subprotocol);
    });

  it('prefers a further dialect to a built-in one', () => {
    const own = { ...graphqlTransportWs(), canPing: false };
    expect(chooseCodec(current, both, [own, ...codecs])).to.equal(own);
  });

  it('takes a further dialect where nothing was selected and it alone was asked for', () => {
    const own = { ...graphqlTransportWs(), subprotocol: 'mine' };
    expect(chooseCodec('', ['mine'], [own, ...codecs])).to.equal(own);
  });
});
