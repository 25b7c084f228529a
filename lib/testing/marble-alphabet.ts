import type { FakePeer } from './fake-peer.js';

/** What the server does. */
export type Act = (peer: FakePeer) => void;

/** What each marble of a script stands for, but for the digits. */
export const alphabet: ReadonlyMap<string, Act> = new Map<string, Act>([
  [
    'o',
    (peer) => {
      peer.open();
    },
  ],
  [
    'a',
    (peer) => {
      peer.ack();
    },
  ],
  [
    'k',
    (peer) => {
      peer.ka();
    },
  ],
  [
    'p',
    (peer) => {
      peer.ping();
    },
  ],
  [
    'x',
    (peer) => {
      peer.drop();
    },
  ],
  [
    '|',
    (peer) => {
      peer.close(1000);
    },
  ],
  [
    '#',
    (peer) => {
      peer.fail();
    },
  ],
]);

/** All marbles, for messages. */
export const knownMarbles = 'o a k p 1-9 x | # and the keys of values';
