import { expect } from 'chai';
import { describe, it } from 'mocha';
import { spy } from 'sinon';
import { GRAPHQL_TRANSPORT_WS, SUBSCRIPTIONS_TRANSPORT_WS } from 'rx-graphql-ws';
import { answerPing, pongFor, type ClientMessage } from '../../lib/protocol/codec.js';
import { graphqlTransportWs } from '../../lib/protocol/graphql-transport-ws.js';
import { subscriptionsTransportWs } from '../../lib/protocol/subscriptions-transport-ws.js';
import { ProtocolError } from '../../lib/errors.js';
import type { LazyFrame } from '../../lib/protocol/payload.js';
import { receiveLazyFrames } from '../../lib/transport/ws-streams.js';
import type { RawSocket } from '../../lib/transport/socket.js';
import { provesCodec } from './codec-contract.js';

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

  it('sends a pong with the payload, unless that cannot be written', () => {
    expect(answersTo({ payload: { n: 1 } })).to.deep.equal(['{"type":"pong","payload":{"n":1}}']);
    const toJSON = () => {
      throw new RangeError('Maximum call stack size exceeded');
    };
    expect(answersTo({ payload: { toJSON } })).to.deep.equal(['{"type":"pong"}']);
  });
});

provesCodec({
  create: graphqlTransportWs,
  canPing: true,
  sends: [
    [{ type: 'init' }, { type: 'connection_init' }],
    [
      { type: 'init', payload: { token: 't' } },
      { type: 'connection_init', payload: { token: 't' } },
    ],
    [{ type: 'ping' }, { type: 'ping' }],
    [
      { type: 'ping', payload: { n: 1 } },
      { type: 'ping', payload: { n: 1 } },
    ],
    [{ type: 'pong' }, { type: 'pong' }],
    [
      { type: 'pong', payload: 'echo' },
      { type: 'pong', payload: 'echo' },
    ],
    [
      { type: 'subscribe', id: '1', payload: { query: '{ a }', variables: { b: null } } },
      { type: 'subscribe', id: '1', payload: { query: '{ a }', variables: { b: null } } },
    ],
    [
      { type: 'complete', id: '1' },
      { type: 'complete', id: '1' },
    ],
    [{ type: 'terminate' }, undefined],
  ],
  says: [
    ['connection_ack', 'ack'],
    ['connection_error', 'rejected'],
    ['ping', 'ping'],
    ['pong', 'pong'],
  ],
  next: 'next',
  error: 'error',
  complete: 'complete',
  foreign: ['ka', 'data', 'connection_init', 'start', 'stop', 'subscribe'],
});

provesCodec({
  create: subscriptionsTransportWs,
  canPing: false,
  sends: [
    [{ type: 'init' }, { type: 'connection_init' }],
    [
      { type: 'init', payload: { token: 't' } },
      { type: 'connection_init', payload: { token: 't' } },
    ],
    [{ type: 'ping' }, undefined],
    [{ type: 'pong', payload: {} }, undefined],
    [
      { type: 'subscribe', id: '1', payload: { query: '{ a }', variables: { b: null } } },
      { type: 'start', id: '1', payload: { query: '{ a }', variables: { b: null } } },
    ],
    [
      { type: 'complete', id: '1' },
      { type: 'stop', id: '1' },
    ],
    [{ type: 'terminate' }, { type: 'connection_terminate' }],
  ],
  says: [
    ['connection_ack', 'ack'],
    ['connection_error', 'rejected'],
    ['ka', 'pong'],
  ],
  next: 'data',
  error: 'error',
  complete: 'complete',
  foreign: ['next', 'ping', 'pong', 'start_ack', 'connection_init', 'start', 'subscribe'],
});

/** A long frame as the socket of `ws` gives it, and how often its text was made. White space makes it long. */
function late(text: string) {
  const raw = { on: spy(), onmessage: null as unknown };
  receiveLazyFrames(raw as unknown as RawSocket);
  let frame: unknown;
  raw.onmessage = ({ data }: { data: unknown }) => {
    frame = data;
  };
  const bytes = Buffer.from(text + ' '.repeat(32_768));
  const made = spy(bytes, 'toString');
  (raw.on.firstCall.args[1] as (data: Buffer, isBinary: boolean) => void)(bytes, false);
  return {
    frame: frame as LazyFrame,
    asked: () => made.getCalls().filter(({ args }) => args.length === 0).length,
  };
}

const codec = graphqlTransportWs();

describe('a long frame', () => {
  it('is routed without its text, which is made once for those who want it', () => {
    const { frame, asked } = late('{"id":"1","type":"next","payload":{"data":"grüße"}}');
    const message = codec.decode(frame);
    if (message.type !== 'next') throw new Error(message.type);
    expect([message.id, asked()]).to.deep.equal(['1', 0]);
    expect(message.payload.text).to.equal('{"data":"grüße"}');
    expect(message.payload.decode()).to.deep.equal({ data: 'grüße' });
    expect(message.payload.decode()).to.deep.equal({ data: 'grüße' });
    expect(asked()).to.equal(1);
  });

  it('is routed when there are spaces in its head, too', () => {
    const { frame, asked } = late('{"type": "next", "id": "1", "payload": {"data":1} }');
    expect(codec.decode(frame)).to.include({ type: 'next', id: '1' });
    expect(asked()).to.equal(0);
  });

  for (const [what, text] of [
    ['whose id is not ASCII', '{"id":"grün","type":"next","payload":{"data":1}}'],
    ['whose head is unusual', '{ "type": "next", "id": "1", "payload": {"data":1} }'],
    ['whose type comes last', '{"id":"1","payload":{"data":1},"type":"next"}'],
    ['whose payload comes first', '{"payload":{"data":1},"type":"next","id":"1"}'],
    [
      'whose id is longer than its head',
      `{"id":"${'x'.repeat(300)}","type":"next","payload":{"data":1}}`,
    ],
    ['that is no result', '{"id":"1","type":"error","payload":[{"message":"no"}]}'],
  ] as const)
    it(`is read by its text: one ${what}`, () => {
      const { frame } = late(text);
      const read = codec.decode(frame);
      const whole = codec.decode(text + ' '.repeat(32_768));
      expect({ ...read, payload: undefined }).to.deep.equal({ ...whole, payload: undefined });
      if (read.type === 'next') expect(read.payload.decode()).to.deep.equal({ data: 1 });
    });

  it('fails with its operation alone where its rest is no JSON', () => {
    const message = codec.decode(late('{"id":"1","type":"next","payload":{"data":').frame);
    if (message.type !== 'next') throw new Error(message.type);
    expect(() => message.payload.decode()).to.throw(ProtocolError, 'not JSON');
  });
});
