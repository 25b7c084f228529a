import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { config as rxjs } from 'rxjs';
import type { GraphQLSocketConfig, RequestInput, Variables } from 'rx-graphql-ws';
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

interface Mishap {
  readonly config?: Partial<GraphQLSocketConfig>;
  readonly request?: RequestInput<unknown, Variables>;
  /** A frame of the server. */
  readonly frame?: unknown;
  readonly consumer?: () => void;
}

const failing = (text: string) => () => {
  throw new Error(text);
};

const result = (data: string) => ({ type: 'next', id: '1', payload: { data } });
const refusal = (message: string) => ({ type: 'connection_error', payload: { message } });

/** Whose text might get into a close reason, and how. */
const mishaps: Readonly<Record<string, (text: string) => Mishap>> = {
  'a consumer that throws': (text) => ({ consumer: failing(text), frame: result(text) }),
  'connectionParams that cannot be written': (text) => ({
    config: { connectionParams: { toJSON: failing(text) } },
  }),
  'a reviver that throws': (text) => ({
    config: { jsonReviver: failing(text) },
    frame: result(text),
  }),
  'variables that throw': (text) => ({ request: { query: '{ a }', variables: failing(text) } }),
  'a frame that is no JSON': (text) => ({ frame: `${text}{` }),
  'a long type': (text) => ({ frame: { type: text.repeat(50), id: text } }),
  'a refusal': (text) => ({ config: { retry: false }, frame: refusal(text) }),
};

/** RFC 6455 has room for 123 bytes, and a longer reason throws in a browser and in `ws`. */
const fixed = ['', 'Malformed frame', 'Malformed handshake'];

describe('a close reason is one of a few fixed words', () => {
  for (const [what, mishap] of Object.entries(mishaps))
    it(`after ${what}`, function () {
      this.timeout(20_000);
      let sockets = 0;
      const check = (text: string) =>
        runVirtually(() => {
          const { config, request = 'subscription { a }', frame, consumer } = mishap(text);
          const { socket, peers } = bench(config);
          if (consumer) rxjs.onUnhandledError = () => {};
          socket.subscribe$(request).subscribe({ next: () => consumer?.(), error: () => {} });
          advance(5);
          if (frame !== undefined) peers[0]?.send(frame);
          advance(20);
          socket.close();
          advance(4_000);
          for (const { reason } of peers.flatMap(({ closes }) => closes)) {
            sockets += 1;
            expect(reason).to.be.oneOf(fixed);
          }
        });
      fc.assert(
        fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), (text) =>
          check(text),
        ),
      );
      expect(sockets).to.be.at.least(50);
    });
});
