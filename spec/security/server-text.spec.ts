import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { GraphQLSocketError } from '../../lib/errors.js';
import { bench } from '../helpers/bench.js';
import { accepts, answering, ends, opens, says, type Script } from '../helpers/scripted.js';
import { advance, cold, record, runVirtually } from '../helpers/test.js';

/** What a terminal obeys, or a reader is misled by. */
const forging = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Colours, a cleared screen, an overwritten line, a line of its own, a reversed text, blanks that are none; and anything. */
const said = fc.oneof(
  fc.constantFrom('\u001b[31mred\u001b[0m', '\u009b2J', 'a\rb', 'a\nb', 'a\u2028b', '\u202egnp'),
  fc.constantFrom('\u0000', '\u200b\u2066', '\u001b]0;title\u0007', 'x'.repeat(5_000)),
  fc.string({ unit: 'binary', maxLength: 400 }),
);

/** Where a server's text comes into an error. */
const places: Readonly<Record<string, (text: string) => Script>> = {
  'a close reason': (text) =>
    cold('-o-x', { o: opens(), x: ends(4409, Buffer.from(text).subarray(0, 40).toString()) }),
  'a refusal': (text) =>
    accepts(undefined, undefined, { type: 'connection_error', payload: { message: text } }),
  'a frame that is no JSON': (text) => accepts(undefined, cold('-x', { x: says(`${text}{`) })),
  'a result that is no JSON': (text) =>
    accepts(undefined, cold('--x', { x: says(`{"type":"next","id":"1","payload":${text}{}`) })),
  'errors of an operation': (text) => {
    const payload = [{ message: text }, { message: text }];
    return accepts(undefined, cold('--x', { x: says({ type: 'error', id: '1', payload }) }));
  },
  'errors of a result': (text) => {
    const payload = { data: null, errors: [{ message: text }] };
    return accepts(undefined, cold('--x', { x: says({ type: 'next', id: '1', payload }) }));
  },
  'a subprotocol': (text) => cold('-o', { o: opens(`${text}x`) }),
  'a type before the ack': (text) => (peer) => {
    answering({})(peer);
    cold('-o-x', { o: opens(), x: says({ type: 'next', id: text, payload: {} }) }).subscribe(
      (move) => move(peer),
    );
  },
};

/** What is printed of an error and its causes as it is; fields are the server's raw words, and quoted where they are inspected. */
function* printed(error: unknown): Generator<string> {
  for (let each = error; each instanceof Error; each = each.cause) {
    yield each.message;
    yield String(each);
    // its lines are V8's
    yield (each.stack ?? '').replaceAll(/\n +at .*/g, '');
  }
}

describe('a server’s text in an error', () => {
  for (const [place, script] of Object.entries(places))
    it(`has no control characters, and is short: ${place}`, function () {
      this.timeout(20_000);
      let errors = 0;
      const check = (text: string) =>
        runVirtually(() => {
          const { socket } = bench({ retry: false }, script(text));
          const stream = record(socket.subscribe$('subscription { a }'));
          advance(20);
          const error = stream.error as GraphQLSocketError | undefined;
          if (!error) return;
          errors += 1;
          for (const line of printed(error)) {
            expect(line).not.to.match(forging);
            expect(line.length).to.be.at.most(400);
          }
        });
      fc.assert(fc.property(said, (text) => check(text)));
      expect(errors).to.be.at.least(20);
    });
});
