import { expect } from 'chai';
import { describe, it } from 'mocha';
import { GRAPHQL_TRANSPORT_WS, SUBSCRIPTIONS_TRANSPORT_WS } from 'rx-graphql-ws';
import type { ClientMessage } from '../../lib/protocol/codec.js';
import { answerPing, pongFor } from '../../lib/protocol/codec.js';
import { graphqlTransportWs } from '../../lib/protocol/graphql-transport-ws.js';

it('names both protocols as they are on the wire', () => {
  expect(GRAPHQL_TRANSPORT_WS).to.equal('graphql-transport-ws');
  expect(SUBSCRIPTIONS_TRANSPORT_WS).to.equal('graphql-ws');
});

describe('pongFor', () => {
  for (const payload of [null, {}, { n: 1 }, [], 'text', 0])
    it(`echoes the payload ${JSON.stringify(payload)}`, () => {
      expect(pongFor({ payload })).to.deep.equal({ type: 'pong', payload });
    });

  it('has no payload where the ping has none', () => {
    expect(pongFor({})).to.deep.equal({ type: 'pong' });
  });
});

describe('answerPing', () => {
  const { encode } = graphqlTransportWs();
  const answersTo = (ping: { readonly payload?: unknown }) => {
    const frames: string[] = [];
    answerPing({ send: (message: ClientMessage) => frames.push(encode(message)) }, ping);
    return frames;
  };

  it('sends a pong with the payload, unless that is too deep to be written', () => {
    expect(answersTo({ payload: { n: 1 } })).to.deep.equal(['{"type":"pong","payload":{"n":1}}']);
    const payload: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    expect(answersTo({ payload })).to.deep.equal(['{"type":"pong"}']);
  });
});
