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
    fallback(dial: FailedDial, requested: readonly string[], earlier: readonly FailedDial[] = []) {
      // the names may be no list
      if (dial.error.name === 'ConfigurationError') return undefined;
      const tried = [...earlier, dial].map(({ offered }) => String(offered));
      const next = candidates(dial, requested, earlier, known).find(
        (names) => !tried.includes(String(names)),
      );
      if (dial.offered !== remembered) return next;
      // the server may be another one: from the start
      if (next || isVerdict(dial)) remembered = undefined;
      return next || refusals.includes(silentClose(dial)) ? requested : undefined;
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

/** The offers that the server may accept in place of the one that failed. */
function candidates(
  dial: FailedDial,
  requested: readonly string[],
  earlier: readonly FailedDial[],
  known: readonly string[],
): readonly (readonly string[])[] {
  const others = requested.filter((name) => !known.includes(name));
  const singles = requested.filter((name) => known.includes(name)).map((name) => [name, ...others]);
  const first = earlier.find(({ offered }) => String(offered) === String(requested));
  // one fallback a dial, because the second dial may fail over its own offer; but each single name is tried
  if (first && !isConfused(first.error)) return [];
  if (selectedNothing(dial.error)) return [[]];
  if (isConfused(dial.error) && singles.length > 1) return singles;
  return mayBeLegacy(dial, requested) ? [[SUBSCRIPTIONS_TRANSPORT_WS, ...others]] : [];
}

/** Whether a server that selected the current protocol may speak the legacy one. */
function mayBeLegacy(dial: FailedDial, requested: readonly string[]): boolean {
  return (
    [...refusals, 1006].includes(silentClose(dial)) &&
    dial.opened === GRAPHQL_TRANSPORT_WS &&
    dial.offered.includes(dial.opened) &&
    requested.includes(SUBSCRIPTIONS_TRANSPORT_WS)
  );
}

/** Codes with which servers refuse a subprotocol. */
const refusals = [1002, 4406];

/** The code of a close before any message; 0 if there was none. */
const silentClose = ({ error, opened, heard }: FailedDial) =>
  opened === undefined || heard ? 0 : closeCodeOf(error);

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

/**
 * Whether the server has judged the offer: it opened the socket and said nothing, or it did not open it, for no fault of the network's and in time.
 * A browser does not tell, and gives no cause.
 */
function isVerdict({ error, opened, heard }: FailedDial): boolean {
  if (opened !== undefined) return !heard;
  const isUnexplained = error.cause === undefined && !hasErrorKind(error, 'plain-loss');
  return error.name === 'HandshakeError' || isUnexplained;
}

/** `ws` refuses an upgrade without a subprotocol if some were offered. */
function selectedNothing({ cause }: GraphQLSocketError): boolean {
  return (cause as Error | undefined)?.message === 'Server sent no subprotocol';
}
