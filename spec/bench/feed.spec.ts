import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setTimeout as delay } from 'node:timers/promises';
import { leastIn } from './feed.js';
import {
  ageOf,
  resultText,
  sequenceAt,
  sequenceDigits,
  sequenceReader,
  stampAt,
  stampDigits,
} from './result.js';
import { expectEnough } from './samples/expect-results.js';
import { sequenceOf, type Sequence } from './samples/sequence.js';
import { frameLoop } from './server/frame-loop.js';
import { wordsOf } from './server/words.js';

const ids = ['7', '8', '10'];
const sizes = [100, 1_000, 8_000, 300_000];
const dataOf = (text: string) => (JSON.parse(text) as { data: unknown }).data;

interface Message {
  readonly id: string;
  readonly type: string;
  readonly payload: { readonly data: unknown };
}

/** The messages of unmasked frames below 64 KiB. */
function messages(bytes: Buffer): readonly Message[] {
  const found: Message[] = [];
  for (let at = 0; at < bytes.length;) {
    const short = bytes[at + 1]!;
    const head = short < 126 ? 2 : 4;
    const length = short < 126 ? short : bytes.readUInt16BE(at + 2);
    found.push(JSON.parse(bytes.toString('utf8', at + head, at + head + length)) as Message);
    at += head + length;
  }
  return found;
}

describe('The feed of the bench', () => {
  for (const size of sizes)
    it(`has results of ${size} bytes, which differ in one number`, () => {
      const [one, other] = [resultText(size, 0), resultText(size, 123_456)];
      const frame = wordsOf('graphql-transport-ws').result('1', one);
      expect(frame.length).to.be.closeTo(size, size * 0.06);
      expect(other).to.have.lengthOf(one.length);
      expect(sequenceReader(size)(dataOf(other))).to.equal(123_456);
      const at = sequenceAt(one);
      expect(one.slice(0, at) + sequenceDigits(123_456) + one.slice(at + 9)).to.equal(other);
    });

  for (const [subprotocol, type] of [
    ['graphql-transport-ws', 'next'],
    ['graphql-ws', 'data'],
  ] as const)
    it(`goes round the operations in turn: ${subprotocol}`, () => {
      const { bytes, offsets } = frameLoop(wordsOf(subprotocol), ids, resultText(100, 0), {
        size: 100,
        operations: 3,
      });
      const sent = messages(bytes);
      expect(sent).to.have.lengthOf(offsets.length - 1);
      expect(offsets.at(-1)).to.equal(bytes.length);
      sent.forEach((message, n) => {
        expect(message).to.include({ type, id: ids[n % 3] });
        expect(sequenceReader(100)(message.payload.data)).to.equal(n);
      });
      expect(messages(bytes.subarray(offsets[4], offsets[5]))[0]).to.deep.equal(sent[4]);
    });

  it('has the fields of a message in alphabetical order where that is asked for', () => {
    const text = wordsOf('graphql-transport-ws').result('1', '{}', true);
    expect(text).to.equal('{"id":"1","payload":{},"type":"next"}');
    const variables = { size: 1_000, sorted: true };
    const { bytes } = frameLoop(wordsOf('graphql-ws'), ['1'], resultText(1_000, 0), variables);
    expect(Object.keys(messages(bytes)[0]!)).to.deep.equal(['id', 'payload', 'type']);
  });

  it('tells when a result was written', async () => {
    const text = resultText(2_000, 0);
    const at = stampAt(text);
    const stamped = text.slice(0, at) + stampDigits() + text.slice(at + 9);
    await delay(5);
    expect(stamped).to.have.lengthOf(text.length);
    expect(ageOf(dataOf(stamped))).to.be.within(4_000, 2_000_000);
    expect(stampAt(resultText(100, 0))).to.equal(-1);
  });

  it('has so many results at least in any stretch of time', () => {
    expect(leastIn(1_200, { size: 1, rate: 25 })).to.equal(30);
    expect(leastIn(1_100, { size: 1, rate: 100, burst: 1_000 })).to.equal(200);
  });

  it('repeats each result as often as it is told', () => {
    const { bytes } = frameLoop(wordsOf('graphql-ws'), ['1'], resultText(1_000, 0), {
      size: 1_000,
      repeat: 4,
    });
    const numbers = messages(bytes).map(({ payload }) => sequenceReader(1_000)(payload.data));
    expect(numbers).to.deep.equal(numbers.map((_, n) => Math.floor(n / 4)));
    expect(numbers.length % 4).to.equal(0);
  });
});

describe('The results that a client receives', () => {
  const astray = (...numbers: readonly number[]) => astrayOf(sequenceOf(100), numbers);
  const astrayOf = (sequence: Sequence, numbers: readonly number[]) => {
    for (const number of numbers) sequence.note(dataOf(resultText(100, number)));
    return sequence.astray;
  };

  it('is in order, and begins again after the last', () => {
    expect(astray(0, 1, 2, 0, 1)).to.equal(0);
  });

  it('is found astray where a feed that goes on and on begins again', () => {
    expect(astrayOf(sequenceOf(100, 'straight'), [0, 1, 0])).to.equal(1);
  });

  it('must not be clearly less than what was due', () => {
    expect(() => {
      expectEnough(0, 1);
    }).to.throw('0 results');
    expect(() => {
      expectEnough(69, 100);
    }).to.throw('69 results, where 100 were due');
    expectEnough(70, 100);
  });

  it('is found astray where one is missing, comes twice or out of turn', () => {
    expect(astray(0, 2)).to.equal(1);
    expect(astray(0, 1, 1)).to.equal(1);
    expect(astray(0, 2, 1)).to.equal(2);
  });
});
