import type { GraphQLSocketError } from '../errors.js';
import type { Codec } from './codec.js';
import { GRAPHQL_TRANSPORT_WS, SUBSCRIPTIONS_TRANSPORT_WS } from './codec.js';

/** How a dial went that did not come to an acknowledgement. */
export interface FailedDial {
  readonly error: GraphQLSocketError;
  readonly offered: readonly string[];
  /** What the socket opened with; undefined when it did not open. */
  readonly opened: string | undefined;
  /** Whether the server said anything. */
  readonly heard: boolean;
}

/** What one socket object knows of its server's subprotocols. */
export interface Negotiation {
  /** What to offer first. */
  offer(requested: readonly string[]): readonly string[];
  /** What to offer at once after a dial that failed for the subprotocol; undefined when that was not the reason. */
  fallback(failed: FailedDial, requested: readonly string[]): readonly string[] | undefined;
  /** The server acknowledged this offer, `after` a dial that failed for the subprotocol. */
  acknowledged(offered: readonly string[], after: FailedDial | undefined): void;
}

/**
 * A stock subscriptions-transport-ws server echoes the first offer, whatever it is, then closes 1002 without a message;
 * others answer 4406, or drop. A server that selects nothing makes `ws` refuse the upgrade, unless nothing is offered.
 * What worked instead is remembered; after a mere drop, which a network fault looks like too, only the second time running.
 */
export function createNegotiation(): Negotiation {
  let remembered: readonly string[] | undefined;
  let drops = 0;
  return {
    offer: (requested) =>
      remembered?.every((name) => requested.includes(name)) ? remembered : requested,
    fallback(failed, requested) {
      const next = fallbackOffer(failed, requested);
      if (failed.offered !== remembered) return next;
      // the server is another one, perhaps: from the start
      if (next || isUnanswered(failed)) remembered = undefined;
      return next || isUnanswered(failed, [1002, 4406]) ? requested : undefined;
    },
    acknowledged(offered, after) {
      drops = after && closeCode(after) === 1006 ? drops + 1 : 0;
      if (after && drops !== 1) remembered = offered;
    },
  };
}

/** The codec for what the server selected; for one that selected nothing the legacy protocol, if that was asked for. */
export function chooseCodec(
  selected: string,
  requested: readonly string[],
  codecs: readonly Codec[],
): Codec | undefined {
  const codecOf = (name: string) => codecs.find(({ subprotocol }) => subprotocol === name);
  if (selected) return codecOf(selected);
  const own = requested.includes(SUBSCRIPTIONS_TRANSPORT_WS)
    ? SUBSCRIPTIONS_TRANSPORT_WS
    : requested.find((name) => codecOf(name));
  return codecOf(own ?? GRAPHQL_TRANSPORT_WS);
}

function fallbackOffer(
  failed: FailedDial,
  requested: readonly string[],
): readonly string[] | undefined {
  if (selectedNothing(failed)) return [];
  const { opened, offered } = failed;
  const claimed = opened === GRAPHQL_TRANSPORT_WS && offered.includes(opened);
  return claimed &&
    isUnanswered(failed, [1002, 4406, 1006]) &&
    requested.includes(SUBSCRIPTIONS_TRANSPORT_WS)
    ? [SUBSCRIPTIONS_TRANSPORT_WS]
    : undefined;
}

function selectedNothing({ error, offered }: FailedDial): boolean {
  return (
    offered.length > 0 &&
    error.name === 'HandshakeError' &&
    (error.cause as Error | undefined)?.message === 'Server sent no subprotocol'
  );
}

/** Whether the socket opened and ended before the server said anything; with one of these codes. */
function isUnanswered(failed: FailedDial, codes?: readonly (number | undefined)[]): boolean {
  if (failed.opened === undefined || failed.heard) return false;
  return !codes || codes.includes(closeCode(failed));
}

function closeCode({ error }: FailedDial): number | undefined {
  return error.name === 'ConnectionClosedError' ? error.code : undefined;
}
