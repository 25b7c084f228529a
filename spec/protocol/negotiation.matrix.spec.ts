import { expect } from 'chai';
import { describe, it } from 'mocha';
import { ConnectionClosedError, HandshakeError, setErrorKind } from '../../lib/errors.js';
import { graphqlTransportWs } from '../../lib/protocol/graphql-transport-ws.js';
import type { FailedDial, Negotiation } from '../../lib/protocol/negotiation.js';
import { chooseCodec, createNegotiation } from '../../lib/protocol/negotiation.js';
import { subscriptionsTransportWs } from '../../lib/protocol/subscriptions-transport-ws.js';

const current = 'graphql-transport-ws';
const legacy = 'graphql-ws';

/** The answer of a server to an offer, as measured: it opens with a subprotocol, and then speaks or closes; or it refuses. */
type Policy = (offered: readonly string[]) => {
  opened?: string;
  closes?: number;
  refused?: string;
};

const wholeOffer = 'the whole offer';
const noSubprotocol = 'Server sent no subprotocol';
const first = (offered: readonly string[]) => offered[0] ?? '';
const preferring =
  (...supported: string[]) =>
  (offered: readonly string[]) =>
    supported.find((name) => offered.includes(name));

const policies: Record<string, Policy> = {
  'graphql-ws': (offered) => {
    if (offered.length === 0) return { opened: '', closes: 4406 };
    const opened = preferring(current)(offered);
    return opened ? { opened } : { refused: noSubprotocol };
  },
  'subscriptions-transport-ws': (offered) =>
    first(offered) === legacy ? { opened: legacy } : { opened: first(offered), closes: 1002 },
  mercurius: (offered) =>
    offered.length === 0 ? { opened: '', closes: 1002 } : { opened: first(offered) },
  'a bare ws server': (offered) => ({ opened: first(offered) }),
  'a server that selects nothing': (offered) =>
    offered.length === 0 ? { opened: '' } : { refused: noSubprotocol },
  'a server that selects what was not offered': () => ({
    refused: 'Server sent an invalid subprotocol',
  }),
  'a server that echoes the whole offer': (offered) =>
    offered.length === 1 ? { opened: first(offered) } : { refused: wholeOffer },
  'both behind one router': (offered) => {
    const opened = preferring(current, legacy)(offered);
    return opened ? { opened } : { opened: '', closes: 4406 };
  },
};

const codecs = [graphqlTransportWs(), subscriptionsTransportWs()];

function refusal(text = '') {
  const error = new HandshakeError('subprotocol', 'no', { cause: new Error(text) });
  return text === wholeOffer ? setErrorKind(error, 'whole-offer') : error;
}

/** Dials as the connection layer does, and tells the offers and what came of them. */
function dial(policy: Policy, requested: readonly string[], negotiation: Negotiation) {
  const offers: string[] = [];
  const earlier: FailedDial[] = [];
  let offered: readonly string[] | undefined = negotiation.offer(requested);
  while (offered) {
    offers.push(`[${offered.join()}]`);
    expect(offers).to.have.length.below(5);
    const { opened, closes, refused } = policy(offered);
    const codec = chooseCodec(opened ?? '', requested, codecs);
    if (refused === undefined && closes === undefined && codec) {
      negotiation.acknowledged(offered, earlier.at(-1));
      return { offers, speaks: codec.subprotocol };
    }
    const error =
      closes === undefined ? refusal(refused) : new ConnectionClosedError(closes, '', true);
    const failed = { error, offered, opened, heard: false };
    offered = negotiation.fallback(failed, requested, earlier);
    earlier.push(failed);
  }
  return { offers, speaks: undefined };
}

const [either, reversed, new$, old, nothing] = [
  [current, legacy],
  [legacy, current],
  [current],
  [legacy],
  [],
];
const none = '[]';
const matrix: [
  policy: string,
  requested: readonly string[],
  speaks: string | undefined,
  ...offers: string[],
][] = [
  ['graphql-ws', either, current, `[${either.join()}]`],
  ['graphql-ws', reversed, current, `[${reversed.join()}]`],
  ['graphql-ws', new$, current, `[${current}]`],
  ['graphql-ws', old, undefined, `[${legacy}]`, none],
  ['subscriptions-transport-ws', either, legacy, `[${either.join()}]`, `[${legacy}]`],
  ['subscriptions-transport-ws', reversed, legacy, `[${reversed.join()}]`],
  ['subscriptions-transport-ws', new$, undefined, `[${current}]`],
  ['subscriptions-transport-ws', old, legacy, `[${legacy}]`],
  ['subscriptions-transport-ws', nothing, undefined, none],
  ['mercurius', either, current, `[${either.join()}]`],
  ['mercurius', reversed, legacy, `[${reversed.join()}]`],
  ['mercurius', new$, current, `[${current}]`],
  ['mercurius', old, legacy, `[${legacy}]`],
  ['a bare ws server', either, current, `[${either.join()}]`],
  ['a bare ws server', reversed, legacy, `[${reversed.join()}]`],
  ['a server that selects nothing', either, legacy, `[${either.join()}]`, none],
  ['a server that selects nothing', reversed, legacy, `[${reversed.join()}]`, none],
  ['a server that selects nothing', new$, current, `[${current}]`, none],
  ['a server that selects nothing', old, legacy, `[${legacy}]`, none],
  ['a server that selects what was not offered', either, undefined, `[${either.join()}]`],
  ['a server that echoes the whole offer', either, current, `[${either.join()}]`, `[${current}]`],
  ['a server that echoes the whole offer', reversed, legacy, `[${reversed.join()}]`, `[${legacy}]`],
  ['both behind one router', either, current, `[${either.join()}]`],
  ['both behind one router', reversed, current, `[${reversed.join()}]`],
  ['both behind one router', old, legacy, `[${legacy}]`],
];

describe('negotiation', () => {
  for (const [policy, requested, speaks, ...offers] of matrix)
    it(`with ${policy}, asked for [${requested.join()}], comes to ${speaks ?? 'nothing'}`, () => {
      const negotiation = createNegotiation();
      expect(dial(policies[policy]!, requested, negotiation)).to.deep.equal({ offers, speaks });
      if (speaks === undefined) return;
      const again = dial(policies[policy]!, requested, negotiation);
      expect(again).to.deep.equal({ offers: offers.slice(-1), speaks });
    });

  for (const before of Object.keys(policies))
    for (const after of Object.keys(policies))
      it(`with ${before} replaced by ${after} comes to what ${after} speaks`, () => {
        const negotiation = createNegotiation();
        dial(policies[before]!, either, negotiation);
        dial(policies[before]!, either, negotiation);
        const afresh = dial(policies[after]!, either, createNegotiation()).speaks;
        const { speaks } = dial(policies[after]!, either, negotiation);
        if (speaks !== afresh) expect(speaks).to.equal(legacy);
        expect(speaks === undefined).to.equal(afresh === undefined);
      });
});
