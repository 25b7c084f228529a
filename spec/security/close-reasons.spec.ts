import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { config as rxjs } from 'rxjs';
import type { GraphQLSocketConfig, RequestInput, Variables } from 'rx-graphql-ws';
import { bench } from '../helpers/bench.js';
import { advance, runVirtually } from '../helpers/test.js';

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
