import { expect } from 'chai';
import { describe, it } from 'mocha';
import { OperationError, ProtocolError } from '../../lib/errors.js';
import { graphqlTransportWs } from '../../lib/protocol/graphql-transport-ws.js';

const { decode } = graphqlTransportWs();
const result = (rest: string) => `{"type":"next","id":"1","payload":${rest}`;

/** A result whose head does not tell that it is one. */
const sorted = (payload: string) => `{"id":"1","payload":${payload},"type":"next"}`;

/** Frames that take long where anything is looked for again and again; `n` of what is to be passed over. */
const frames: readonly (readonly [what: string, frame: (n: number) => string])[] = [
  ['an id without end', (n) => `{"type":"next","id":"${'a'.repeat(n)}`],
  ['a long id', (n) => `{"type":"next","id":"${'a'.repeat(n)}","payload":{"data":1}}`],
  ['an id of two code units each', (n) => `{"id":"${'😀'.repeat(n / 2)}","payload":{"data":1}}`],
  [
    'an id of escapes',
    (n) => `{"id":"${'\\\\'.repeat(n / 2)}","type":"next","payload":{"data":1}}`,
  ],
  ['a long type', (n) => `{"type":"${'a'.repeat(n)}","id":"1","payload":{}}`],
  ['white space', (n) => ' '.repeat(n)],
  ['white space before a broken head', (n) => `${' '.repeat(n)}{"type"${' '.repeat(n)}`],
  [
    'white space everywhere',
    (n) => `{"type" ${' '.repeat(n)}:"next"${'\t'.repeat(n)},"id":${'\n'.repeat(n)}1}`,
  ],
  ['white space behind', (n) => result(`{"data":1}}${' '.repeat(n)}`)],
  ['white space behind, and more', (n) => result(`{"data":1}}${' '.repeat(n)}x`)],
  ['heads', (n) => '{"type":"next","id":"1","type":'.repeat(n / 30)],
  ['opening braces', (n) => result('{'.repeat(n))],
  ['closing braces', (n) => result('}'.repeat(n))],
  ['braces, each with white space', (n) => result('{ } , '.repeat(n / 6))],
  ['objects in a row', (n) => result(`{"data":[${'{},'.repeat(n / 3)}{}]},"seq":{}}`)],
  [
    'objects with a field behind',
    (n) => result(`{"data":{${'"a":{},'.repeat(n / 7)}"b":{}},"c":{}}`),
  ],
  ['brackets', (n) => result(`{"data":${'['.repeat(n)}${']'.repeat(n)}},"seq":1}`)],
  ['quotes', (n) => result(`{"data":"${'\\"'.repeat(n / 2)}"},"seq":1}`)],
  ['backslashes', (n) => result(`{"data":"${'\\'.repeat(n)}"},"seq":1}`)],
  ['an odd number of backslashes', (n) => result(`{"data":"${'\\'.repeat(n + 1)}"},"seq":1}`)],
  ['strings without end', (n) => result('"a'.repeat(n / 2))],
  ['an id again and again', (n) => `{${'"id":"1",'.repeat(n / 9)}"type":"complete"}`],
  [
    'a payload again and again',
    (n) => `{${'"payload":{"data":1},'.repeat(n / 21)}"id":"1","type":"next"}`,
  ],
  [
    'a payload again and again behind it',
    (n) => result(`{"data":1}${',"payload":{"data":1}'.repeat(n / 21)}}`),
  ],
  ['types before the last', (n) => sorted(`{"data":[${'{"type":1},'.repeat(n / 11)}0]}`)],
  ['escapes before the type', (n) => sorted(`{"data":"${'\\u007'.repeat(n / 6)}"}`)],
  [
    'payloads in the payload',
    (n) => result(`{"data":[${'{"payload":1},'.repeat(n / 14)}0]},"seq":1}`),
  ],
  ['the word that means more', (n) => result(`{"data":"${'\\"hasNext\\"'.repeat(n / 11)}"}}`)],
  [
    'a long message',
    (n) => `{"type":"error","id":"1","payload":[{"message":"${'\u202e'.repeat(n)}"}]}`,
  ],
  ['colons', (n) => `{"type":"complete","payload":"${':'.repeat(n)}"}`],
  ['names that are escaped', (n) => `{${'"\\u0069d":"1",'.repeat(n / 14)}"type":"complete"}`],
];

/** All that can be asked of a frame. */
function readAll(frame: string): void {
  try {
    const message = decode(frame);
    if (message.type === 'error') new OperationError(message.errors);
    if (message.type !== 'next') return;
    expect(message.payload.text).to.be.a('string');
    message.payload.decode();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
  }
}

/** ms, the least of some. */
function timeOf(frame: string): number {
  const times = Array.from({ length: 9 }, () => {
    const start = performance.now();
    readAll(frame);
    return performance.now() - start;
  });
  return Math.min(...times);
}

describe('the time that a frame takes', () => {
  for (const [what, frame] of frames)
    it(`grows with its length, not with the square of it: ${what}`, function () {
      this.timeout(20_000);
      const [short, long] = [frame(2 ** 12), frame(2 ** 17)];
      timeOf(short);
      // 32 times the length: about 32, up to 100 where garbage is collected; or 1 024. A time of almost nothing has no ratio
      expect(timeOf(long) / Math.max(timeOf(short), 0.02)).to.be.below(300);
    });
});

describe('a frame of 32 MiB', () => {
  const size = 32 * 2 ** 20;
  for (const what of [
    'a long id',
    'an id of two code units each',
    'white space everywhere',
    'quotes',
  ])
    it(`is read like any other: ${what}`, function () {
      this.timeout(20_000);
      const frame = frames.find(([name]) => name === what)?.[1](size) ?? '';
      expect(frame).to.have.length.above(size - 1);
      readAll(frame);
    });
});
