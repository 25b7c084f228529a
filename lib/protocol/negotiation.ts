import type { GraphQLSocketError } from '../errors.js';
import { closeCodeOf, hasErrorKind } from '../errors.js';
import type { Codec } from './codec.js';
import { GRAPHQL_TRANSPORT_WS, SUBSCRIPTIONS_TRANSPORT_WS } from './codec.js';

/** How a dial went that did not come to an acknowledgement. */
export interface FailedDial {
  readonly error: GraphQLSocketError;
  readonly offered: readonly string[];
  /** The subprotocol that the server selected; undefined when the socket did not open. */
  readonly opened: string | undefined;
  /** Whether the server said anything. */
  readonly heard: boolean;
}

export type Negotiation = ReturnType<typeof createNegotiation>;

/**
 * The knowledge of one pipeline about its server's subprotocols.
 *
 * A stock subscriptions-transport-ws server echoes the first offer, whatever it is, then closes 1002 without a message;
 * others answer 4406, or drop. A server that selects nothing makes `ws` refuse the upgrade, unless nothing is offered.
 * The offer that worked instead is remembered; after a mere drop, which a network fault looks like too, only the second time in a row.
 */
export function createNegotiation(dialects: readonly string[] = []) {
  const known = [GRAPHQL_TRANSPORT_WS, SUBSCRIPTIONS_TRANSPORT_WS, ...dialects];
  let remembered: readonly string[] | undefined;
  let drops = 0;
  let bareRefusals = 0;
  return {
    /** The subprotocols to offer first. */
    offer: (requested: readonly string[]) =>
      remembered?.every((name) => requested.includes(name)) ? remembered : requested,
    /**
     * The subprotocols to offer at once after a dial that failed for the subprotocol; undefined when that was not the reason, or when
     * nothing is left to be offered. `earlier`: the failed dials of the same attempt.
     */
    fallback(
      { error, offered, opened, heard }: FailedDial,
      requested: readonly string[],
      earlier: readonly FailedDial[] = [],
    ) {
      // the names may be no list
      if (error.name === 'ConfigurationError') return undefined;
      const others = requested.filter((name) => !known.includes(name));
      const singles = requested
        .filter((name) => known.includes(name))
        .map((name) => [name, ...others]);
      const tried = [...earlier.map((dial) => dial.offered), offered].map(String);
      const isUnanswered = opened !== undefined && !heard;
      const code = isUnanswered && closeCodeOf(error);
      const isRefused = code === 1002 || code === 4406;
      let candidates: readonly (readonly string[])[] = [];
      const first = earlier.find((dial) => String(dial.offered) === String(requested));
      // one fallback a dial, because the second dial may fail over its own offer; but each single name is tried
      if (first && !isConfused(first.error)) candidates = [];
      else if (selectedNothing(error)) candidates = [[]];
      else if (isConfused(error) && singles.length > 1) candidates = singles;
      else if (
        (isRefused || code === 1006) &&
        opened === GRAPHQL_TRANSPORT_WS &&
        offered.includes(opened) &&
        requested.includes(SUBSCRIPTIONS_TRANSPORT_WS)
      ) {
        candidates = [[SUBSCRIPTIONS_TRANSPORT_WS, ...others]];
      }
      const next = candidates.find((names) => !tried.includes(String(names)));
      if (offered !== remembered) return next;
      // the server may be another one: from the start
      if (next || isUnanswered || (opened === undefined && isAnswer(error))) remembered = undefined;
      return next || isRefused ? requested : undefined;
    },
    /**
     * Whether the refusal of a dial without an offer is doubtful. A damaged answer to the dial before may have hidden the selection, so that
     * only the second refusal in a row tells that nothing is in common.
     */
    isDoubtful(error: GraphQLSocketError, offered: readonly string[]) {
      if (offered.length > 0 || closeCodeOf(error) !== 4406) return false;
      bareRefusals += 1;
      return bareRefusals === 1;
    },
    /** The server acknowledged this offer, `after` a dial that failed for the subprotocol. */
    acknowledged(offered: readonly string[], after: FailedDial | undefined) {
      bareRefusals = 0;
      drops = after && closeCodeOf(after.error) === 1006 ? drops + 1 : 0;
      if (after && drops !== 1) remembered = offered;
    },
  };
}

/** The codec for what the server selected; for one that selected nothing the legacy protocol, if that was asked for. */
export function chooseCodec<T extends Codec>(
  selected: string,
  requested: readonly string[],
  codecs: readonly T[],
): T | undefined {
  const codecOf = (name: string) => codecs.find(({ subprotocol }) => subprotocol === name);
  if (selected) return codecOf(selected);
  const own = requested.includes(SUBSCRIPTIONS_TRANSPORT_WS)
    ? SUBSCRIPTIONS_TRANSPORT_WS
    : requested.find(codecOf);
  return codecOf(own ?? GRAPHQL_TRANSPORT_WS);
}

/** The server answers a list of names with an error, or with the whole list. */
function isConfused(error: GraphQLSocketError): boolean {
  return (error as { status?: number }).status === 400 || hasErrorKind(error, 'whole-offer');
}

/** Whether a dial that did not open was answered: not if the network failed, or the time was over. A browser does not tell, and gives no cause. */
function isAnswer(error: GraphQLSocketError): boolean {
  const isUnexplained = error.cause === undefined && !hasErrorKind(error, 'plain-loss');
  return error.name === 'HandshakeError' || isUnexplained;
}

/** `ws` refuses an upgrade without a subprotocol if some were offered. */
function selectedNothing({ cause }: GraphQLSocketError): boolean {
  return (cause as Error | undefined)?.message === 'Server sent no subprotocol';
}
