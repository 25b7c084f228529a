import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { config } from 'rxjs';
import { bench } from '../helpers/bench.js';
import { virtually, type VirtualTime } from '../helpers/virtually.js';

type Mishap = (text: string, time: VirtualTime) => ReturnType<typeof bench>;

const failing = (text: string) => () => {
  throw new Error(text);
};

/** Whose text might get into a close reason, and how. */
const mishaps: Readonly<Record<string, Mishap>> = {
  'a consumer that throws': (text, { advance }) => {
    config.onUnhandledError = () => {};
    const peered = bench();
    peered.socket.subscribe$('subscription { a }').subscribe(failing(text));
    advance(5);
    peered.peers[0]?.send({ type: 'next', id: '1', payload: { data: text } });
    return peered;
  },
  'connectionParams that cannot be written': (text, { record }) => {
    const peered = bench({ connectionParams: { toJSON: failing(text) } });
    record(peered.socket.query$('{ a }'));
    return peered;
  },
  'a reviver that throws': (text, { record, advance }) => {
    const peered = bench({ jsonReviver: failing(text) });
    record(peered.socket.query$('{ a }'));
    advance(5);
    peered.peers[0]?.send({ type: 'next', id: '1', payload: { data: text } });
    return peered;
  },
  'variables that throw': (text, { record }) => {
    const peered = bench();
    record(peered.socket.query$({ query: '{ a }', variables: failing(text) }));
    return peered;
  },
  'a frame that is no JSON': (text, { record, advance }) => {
    const peered = bench();
    record(peered.socket.subscribe$('subscription { a }'));
    advance(5);
    peered.peers[0]?.send(`${text}{`);
    return peered;
  },
  'a long type': (text, { record, advance }) => {
    const peered = bench();
    record(peered.socket.subscribe$('subscription { a }'));
    advance(5);
    peered.peers[0]?.send({ type: text.repeat(50), id: text });
    return peered;
  },
  'a refusal': (text, { record, advance }) => {
    const peered = bench({ retry: false });
    record(peered.socket.subscribe$('subscription { a }'));
    advance(5);
    peered.peers[0]?.send({ type: 'connection_error', payload: { message: text } });
    return peered;
  },
};

/** RFC 6455 has room for 123 bytes, and a longer reason throws in a browser and in `ws`. */
const fixed = ['', 'Malformed frame', 'Malformed handshake'];

describe('a close reason is one of a few fixed words', () => {
  for (const [what, mishap] of Object.entries(mishaps))
    it(`after ${what}`, function () {
      this.timeout(20_000);
      let sockets = 0;
      const check = (text: string) =>
        virtually((time) => {
          const { socket, peers } = mishap(text, time);
          time.advance(20);
          socket.close();
          time.advance(4_000);
          for (const { reason } of peers.flatMap(({ closes }) => closes)) {
            sockets += 1;
            expect(reason).to.be.oneOf(fixed);
          }
        });
      fc.assert(
        fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), (text) =>
          check(text)(),
        ),
      );
      expect(sockets).to.be.at.least(50);
    });
});
