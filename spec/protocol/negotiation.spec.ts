import { expect } from 'chai';
import { describe, it } from 'mocha';
import {
  ConfigurationError,
  ConnectionClosedError,
  ConnectionError,
  HandshakeError,
  setErrorKind,
  type GraphQLSocketError,
} from '../../lib/errors.js';
import {
  chooseCodec,
  createNegotiation,
  type FailedDial,
  type Negotiation,
} from '../../lib/protocol/negotiation.js';
import { graphqlTransportWs } from '../../lib/protocol/graphql-transport-ws.js';
import { subscriptionsTransportWs } from '../../lib/protocol/subscriptions-transport-ws.js';

const current = 'graphql-transport-ws';
const legacy = 'graphql-ws';
const both = [current, legacy];
const codecs = [graphqlTransportWs(), subscriptionsTransportWs()];
const closed = (code: number) => new ConnectionClosedError(code, '', code !== 1006);

const wholeOffer = 'the whole offer';
const noSubprotocol = 'Server sent no subprotocol';

function refusal(text = '') {
  const error = new HandshakeError('subprotocol', 'no', { cause: new Error(text) });
  return text === wholeOffer ? setErrorKind(error, 'whole-offer') : error;
}

const noneSelected = refusal(noSubprotocol);
const confused = refusal(wholeOffer);

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
      'the list of names is confused by the one known name in it': [
        failed(['header-abc', current], confused),
        ['header-abc', current],
      ],
      'the names are no list': [
        failed(both, new ConfigurationError('subprotocols', 'no list')),
        5 as never,
      ],
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

  describe('fallback of one that failed in its turn', () => {
    const { fallback } = createNegotiation();
    const requested = ['header-abc', ...both];
    const singles = [
      [current, 'header-abc'],
      [legacy, 'header-abc'],
    ];

    for (const [what, error] of [
      ['the whole offer', confused],
      ['HTTP 400', new ConnectionError('HTTP 400', { status: 400 })],
    ] as const)
      it(`is each known name, in turn, where a list is answered with ${what}`, () => {
        const earlier: FailedDial[] = [];
        for (const offered of [requested, ...singles]) {
          const dial = failed(offered, error);
          expect(fallback(dial, requested, earlier)).to.deep.equal(singles[earlier.length]);
          earlier.push(dial);
        }
      });

    it('is none where the fallback was no single name', () => {
      const earlier = [failed(both, closed(1002), current)];
      expect(fallback(failed([legacy], noneSelected), both, earlier)).to.equal(undefined);
    });
  });

  describe('isDoubtful', () => {
    it('is the first of the refusals of no offer in a row, after an acknowledgement as well', () => {
      const { isDoubtful, acknowledged } = createNegotiation();
      const answers = () => [1, 2, 3].map(() => isDoubtful(closed(4406), []));
      expect(answers()).to.deep.equal([true, false, false]);
      acknowledged(both, undefined);
      expect(answers()).to.deep.equal([true, false, false]);
    });

    it('is no refusal of an offer, and no other close', () => {
      const { isDoubtful } = createNegotiation();
      expect(isDoubtful(closed(4406), both)).to.equal(false);
      expect(isDoubtful(closed(1002), [])).to.equal(false);
      expect(isDoubtful(closed(4406), [])).to.equal(true);
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
      ['an upgrade with another name', refusal('Server sent an invalid subprotocol')],
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

/** The answer of a server to an offer, as measured: it opens with a subprotocol, and then speaks or closes; or it refuses. */
type Policy = (offered: readonly string[]) => {
  opened?: string;
  closes?: number;
  refused?: string;
};

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

const [reversed, newOnly, oldOnly] = [[legacy, current], [current], [legacy]];
const none = '[]';

const matrix: [
  policy: string,
  requested: readonly string[],
  speaks: string | undefined,
  ...offers: string[],
][] = [
  ['graphql-ws', both, current, `[${both.join()}]`],
  ['graphql-ws', reversed, current, `[${reversed.join()}]`],
  ['graphql-ws', newOnly, current, `[${current}]`],
  ['graphql-ws', oldOnly, undefined, `[${legacy}]`, none],
  ['subscriptions-transport-ws', both, legacy, `[${both.join()}]`, `[${legacy}]`],
  ['subscriptions-transport-ws', reversed, legacy, `[${reversed.join()}]`],
  ['subscriptions-transport-ws', newOnly, undefined, `[${current}]`],
  ['subscriptions-transport-ws', oldOnly, legacy, `[${legacy}]`],
  ['subscriptions-transport-ws', [], undefined, none],
  ['mercurius', both, current, `[${both.join()}]`],
  ['mercurius', reversed, legacy, `[${reversed.join()}]`],
  ['mercurius', newOnly, current, `[${current}]`],
  ['mercurius', oldOnly, legacy, `[${legacy}]`],
  ['a bare ws server', both, current, `[${both.join()}]`],
  ['a bare ws server', reversed, legacy, `[${reversed.join()}]`],
  ['a server that selects nothing', both, legacy, `[${both.join()}]`, none],
  ['a server that selects nothing', reversed, legacy, `[${reversed.join()}]`, none],
  ['a server that selects nothing', newOnly, current, `[${current}]`, none],
  ['a server that selects nothing', oldOnly, legacy, `[${legacy}]`, none],
  ['a server that selects what was not offered', both, undefined, `[${both.join()}]`],
  ['a server that echoes the whole offer', both, current, `[${both.join()}]`, `[${current}]`],
  ['a server that echoes the whole offer', reversed, legacy, `[${reversed.join()}]`, `[${legacy}]`],
  ['both behind one router', both, current, `[${both.join()}]`],
  ['both behind one router', reversed, current, `[${reversed.join()}]`],
  ['both behind one router', oldOnly, legacy, `[${legacy}]`],
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
        dial(policies[before]!, both, negotiation);
        dial(policies[before]!, both, negotiation);
        const afresh = dial(policies[after]!, both, createNegotiation()).speaks;
        const { speaks } = dial(policies[after]!, both, negotiation);
        if (speaks !== afresh) expect(speaks).to.equal(legacy);
        expect(speaks === undefined).to.equal(afresh === undefined);
      });
});
