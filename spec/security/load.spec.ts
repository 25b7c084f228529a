import { expect } from 'chai';
import { describe, it } from 'mocha';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { graphqlTransportWs } from '../../lib/protocol/graphql-transport-ws.js';
import { subscriptionsTransportWs } from '../../lib/protocol/subscriptions-transport-ws.js';
import { graphqlErrors } from '../../lib/protocol/graphql-errors.js';
import { OperationError } from '../../lib/errors.js';
import { webSocketUrl } from '../../lib/transport/address.js';
import { bench } from '../helpers/bench.js';
import { virtually } from '../helpers/virtually.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heap = () => {
  collect();
  return process.memoryUsage().heapUsed;
};

describe('a flood of results for operations that are not', function () {
  this.timeout(20_000);
  it(
    'leaves nothing in memory',
    virtually(({ record, advance }) => {
      const { socket, at } = bench();
      const stream = record(socket.subscribe$('subscription { a }'));
      advance(5);
      const flood = (from: number, to: number) => {
        for (let n = from; n < to; n += 1)
          for (const type of ['next', 'error', 'complete'])
            at(0).send(`{"type":"${type}","id":"no ${n}","payload":{"data":${n}}}`);
      };
      flood(0, 2_000);
      const before = heap();
      flood(2_000, 22_000);
      // the fake server itself keeps nothing of what it sent
      expect(heap() - before).to.be.below(20_000 * 8);
      expect(stream.error).to.equal(undefined);
      expect(stream.values).to.deep.equal([]);
    }),
  );
});

const MiB = 1024 * 1024;
const shapes: Readonly<Record<string, (size: number) => string>> = {
  blanks: (size) => ' '.repeat(size),
  'blanks in a head': (size) => `{${' '.repeat(size)}"type":"next","id":"1","payload":{}}`,
  'blanks at each place of a head': (size) =>
    '{"type":"next","id":"1","payload":'.replace(/[{:,]/g, `$&${' '.repeat(size / 6)}`),
  'a long type': (size) => `{"type":"${'a'.repeat(size)}","id":"1","payload":{}}`,
  'a long id': (size) => `{"type":"next","id":"${'a'.repeat(size)}","payload":{"data":1}}`,
  'an id of escapes': (size) => `{"type":"next","id":"${'\\n'.repeat(size / 2)}","payload":{}}`,
  quotes: (size) => '"'.repeat(size),
  braces: (size) => `{"type":"next","id":"1","payload":${'}'.repeat(size)}`,
  'blanks behind a payload': (size) =>
    `{"type":"next","id":"1","payload":{"data":1}}${' '.repeat(size)}x`,
  'blanks in a payload': (size) =>
    `{"type":"next","id":"1","payload":{"data":1${' '.repeat(size)}}}`,
  'the word that means more': (size) =>
    `{"type":"next","id":"1","payload":{"data":"${'\\"hasNext\\"'.repeat(size / 11)}"}}`,
  'a long message': (size) =>
    `{"type":"error","id":"1","payload":[{"message":"${'\u202e'.repeat(size)}"}]}`,
};

const quietly = (work: () => unknown) => {
  try {
    work();
  } catch {
    // refused: that is a way to deal with it
  }
};
const deal = (text: string) => {
  for (const codec of [graphqlTransportWs(), subscriptionsTransportWs()])
    quietly(() => {
      const message = codec.decode(text.replace('"next"', codec.canPing ? '"next"' : '"data"'));
      if (message.type === 'next') {
        quietly(() => message.payload.text);
        quietly(() => message.payload.decode());
      } else if (message.type === 'error') new OperationError(message.errors);
    });
  quietly(() => graphqlErrors(text));
  quietly(() => webSocketUrl(text));
};
/** The best of some runs: the others were disturbed. */
const fastest = (text: string) =>
  Math.min(
    ...Array.from({ length: 5 }, () => {
      const start = performance.now();
      deal(text);
      return performance.now() - start;
    }),
  );

describe('the time that a server’s text takes grows with its length, not with the square of it', () => {
  for (const [shape, build] of Object.entries(shapes))
    it(shape, function () {
      this.timeout(20_000);
      const [single, eightfold] = [MiB / 4, 2 * MiB].map((size) => fastest(build(size))) as [
        number,
        number,
      ];
      // 8 is linear, 64 quadratic; far below a millisecond is noise
      expect(eightfold / Math.max(single, 0.2)).to.be.below(32);
    });
});
