import { expect } from 'chai';
import { describe, it } from 'mocha';
import { restore, spy } from 'sinon';
import { graphqlTransportWs } from '../../lib/protocol/graphql-transport-ws.js';
import { isPartial } from '../../lib/protocol/is-partial.js';
import { payloadOf } from './contract/payload-of.js';

describe('isPartial', () => {
  const codec = graphqlTransportWs();
  const frames = (payload: string) => [
    `{"id":"1","type":"next","payload":${payload}}`,
    `{"payload":${payload},"id":"1","type":"next"}`,
    `{"id":"1","payload":${payload},"type":"next"}`,
  ];
  for (const [payload, partial] of [
    ['{"data":1,"hasNext":true}', true],
    ['{"incremental":[], "hasNext" : true }', true],
    ['{"data":1,"hasNext":false}', false],
    ['{"data":1,"hasNext":"true"}', false],
    ['{"data":{"hasNext":true}}', false],
    ['{"data":"\\"hasNext\\":true"}', false],
    ['{"data":1}', false],
    ['"hasNext"', false],
    ['{"hasNext":true', false],
  ] as const)
    it(`is ${String(partial)} for ${payload}`, () => {
      const [lazy = '', whole = '', sorted = ''] = frames(payload);
      expect(isPartial(payloadOf(lazy, codec))).to.equal(partial);
      expect(isPartial(payloadOf(sorted, codec))).to.equal(partial);
      if (payload.endsWith('true')) return;
      expect(isPartial(payloadOf(whole, codec))).to.equal(partial);
    });

  it('is known of the payload of any codec', () => {
    for (const hasNext of [true, false]) {
      const result = { data: 1, hasNext };
      const payload = { text: JSON.stringify(result), decode: () => result };
      expect(isPartial(payload)).to.equal(hasNext);
    }
    const payload = { text: '{"data":1}', decode: () => expect.fail('not parsed') };
    expect(isPartial(payload)).to.equal(false);
  });

  it('is false where a field behind the payload says so', () => {
    const frame = '{"id":"1","type":"next","payload":{"data":1},"hasNext":true}';
    expect(isPartial(payloadOf(frame, codec))).to.equal(false);
  });

  it('does not parse what cannot be', () => {
    const parse = spy(JSON, 'parse');
    try {
      for (const text of ['{"data":{"hasMore":true}}', '{"data":[]}']) {
        expect(isPartial(payloadOf(frames(text)[0] ?? '', codec))).to.equal(false);
        expect(parse.callCount).to.equal(0);
      }
    } finally {
      restore();
    }
  });
});
