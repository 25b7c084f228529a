import type { FakePeer } from './fake-peer.js';

/** At most so many sockets are told of. */
const longest = 5;

/** What the server's ends of sockets have seen, for messages. */
export function testify(peers: readonly FakePeer[]): string {
  if (peers.length === 0)
    return 'the server saw no dial: is it the `webSocketImpl`, and has something subscribed?';
  const more = peers.length > longest ? [`… and ${peers.length - longest} more`] : [];
  return ['the server saw:', ...peers.slice(0, longest).map(describe), ...more].join('\n  ');
}

function describe({ attempt, dialledAt, sent, subprotocol, closes }: FakePeer): string {
  const messages = sent.map(({ type, frame }) => String(type ?? frame)).join(', ');
  const said = messages || (subprotocol === '' ? 'nothing, it was never opened' : 'nothing');
  const left = closes.map(({ at, code = 1005 }) => `; the client left at ${at} ms (${code})`);
  return `attempt ${attempt}, dialled at ${dialledAt} ms: ${said}${left.slice(0, 1).join('')}`;
}
