import { expect } from 'chai';
import { describe, it } from 'mocha';
import { GRAPHQL_TRANSPORT_WS, SUBSCRIPTIONS_TRANSPORT_WS } from 'rx-graphql-ws';
import { pongFor } from '../../lib/protocol/codec.js';

describe('GRAPHQL_TRANSPORT_WS', () => {
  it('is the name on the wire', () => {
    expect(GRAPHQL_TRANSPORT_WS).to.equal('graphql-transport-ws');
  });
});

describe('SUBSCRIPTIONS_TRANSPORT_WS', () => {
  it('is the name on the wire, which is another library’s', () => {
    expect(SUBSCRIPTIONS_TRANSPORT_WS).to.equal('graphql-ws');
  });
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
