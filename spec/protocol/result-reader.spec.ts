import { expect } from 'chai';
import { afterEach, describe, it } from 'mocha';
import { restore, spy } from 'sinon';
import { resultReader } from '../../lib/protocol/result-reader.js';

describe('resultReader', () => {
  const read = resultReader({ next: 'next', complete: 'complete' }, undefined);
  const expressions = (frame: string) => {
    const exec = spy(RegExp.prototype, 'exec');
    const message = read(frame, frame);
    const { callCount } = exec;
    expect(message).to.include({ type: 'next', id: '1' });
    return callCount;
  };
  afterEach(restore);

  for (const frame of [
    '{"type":"next","id":"1","payload":{"data":1}}',
    '{"id":"1","type":"next","payload":{"data":1}}',
    '{"id":"1","payload":{"data":1},"type":"next"}',
  ])
    it(`knows the usual shape ${frame}`, () => {
      expect(expressions(frame)).to.equal(0);
    });

  for (const frame of [
    '{"type": "next", "id": "1", "payload": {"data": 1}}',
    '{"id": "1", "type": "next", "payload": {"data": 1}}',
    '{"id":"1", "type":"next","payload":{"data":1}}',
    '{ "type":"next","id":"1","payload":{"data":1}}',
    '{"type":"next","id":"1","type":"complete","payload":{"data":1}}',
  ])
    it(`knows the head of ${frame} by an expression`, () => {
      expect(expressions(frame)).to.equal(1);
    });

  for (const frame of [
    '{"id": "1", "payload": {"data": 1}, "type": "next"}',
    '{"id":"1", "payload":{"data":1},"type":"next"\n}',
  ])
    it(`knows head and end of ${frame} by an expression each`, () => {
      expect(expressions(frame)).to.equal(2);
    });

  for (const frame of ['{"id":"1","payload":{"data":1},"type":"next"}\n'])
    it(`knows the head of ${frame} by an expression`, () => {
      expect(expressions(frame)).to.equal(1);
    });

  for (const frame of [
    '{"type":"complete","id":"1"}',
    '{"type":"complete","id":"1","payload":{"data":1}}',
    '{"type":"next","payload":{"data":1},"id":"1"}',
    '{"payload":{"data":1},"type":"next","id":"1"}',
    '{"id":"1","payload":{"data":1},"type":"complete"}',
    '{"id":"1","payload":{"data":1},"type":"next","seq":1}',
    '{"id":"1","payload":{"data":1},"type":"complete","type":"next"}',
    '{"id":"1","payload":{"data":1},"\\u0074ype":"complete","type":"next"}',
    '{ "id":"1","payload":{"data":1},"type":"complete"}',
    '{"type":"next","id":1,"payload":{"data":1}}',
    '{"type":"next","id":"\\u0031","payload":{"data":1}}',
    '{"type":"next","id":"","payload":{"data":1}}',
  ])
    it(`leaves ${frame} to others`, () => {
      expect(read(frame, frame)).to.equal(undefined);
    });
});
