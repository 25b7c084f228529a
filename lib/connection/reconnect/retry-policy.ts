import { asyncScheduler } from 'rxjs';
import type { GraphQLSocketError } from '../../errors.js';
import { closeCodeOf, hasErrorKind, refusalOf } from '../../errors.js';
import { callUser } from '../../validate.js';

export type RetryPolicy = ReturnType<typeof createRetryPolicy>;

/**
 * Decides whether to dial again, by the history of one pipeline.
 *
 * @param refreshable - whether another attempt may have other credentials
 * @param shouldRetry - has the last word
 */
export function createRetryPolicy(
  refreshable: boolean,
  shouldRetry?: (error: GraphQLSocketError, byDefault: boolean) => boolean,
) {
  const faults = createFaultCounter();
  const refusals = createRefusalCounter();
  let everConnected = false;
  let refreshed = false;
  const decideByDefault = (error: GraphQLSocketError) => {
    if (isCredentialsFault(error)) return refreshable && !refreshed;
    if (hasErrorKind(error, 'final')) return false;
    if (hasErrorKind(error, 'plain-loss')) return true;
    if (isMisconfiguration(error)) return everConnected;
    if (isOfSearch(error)) return true;
    if (isProtocolFault(error)) return faults.endure();
    return !fatalCodes.includes(closeCodeOf(error));
  };
  const lastWord = (error: GraphQLSocketError, byDefault: boolean) =>
    shouldRetry ? callUser('retry.shouldRetry', () => shouldRetry(error, byDefault)) : byDefault;
  return {
    /** A refresh of credentials and a search are granted whatever the number of attempts. A search does not wait either. */
    decide(given: GraphQLSocketError) {
      // after a first connection such a close is a loss like any other
      const refusal = everConnected ? undefined : refusalOf(given);
      const byDefault = refusal ? refusals.tolerate() : decideByDefault(given);
      const final = refusal ?? given;
      const retry = lastWord(byDefault ? given : final, byDefault);
      const isRefresh = byDefault && isCredentialsFault(given);
      refreshed ||= isRefresh;
      // the faults before were the culprit's
      if (hasErrorKind(given, 'found')) faults.forget();
      return { retry, isRefresh, isSearch: isOfSearch(given), final };
    },
    connected() {
      everConnected = true;
    },
    /** A first subscriber comes, or the connection has proven itself. */
    stable() {
      refusals.forget();
      refreshed = false;
    },
  };
}

/** 1010 mandatory extension, 1015 TLS, 4406 subprotocol, 4409 id in use, 4429 second init: another attempt would end the same way. */
const fatalCodes = [1010, 1015, 4406, 4409, 4429];

/** 1002 protocol error, 1003 unsupported data, 1007 invalid payload, 1008 policy violation, 1009 too big: one of the two is broken. */
const protocolFaultCodes = [1002, 1003, 1007, 1008, 1009];

/** Close codes 4401 unauthorized and 4403 forbidden, the HTTP statuses that mean the same, or a refused `connection_init`. */
function isCredentialsFault(error: GraphQLSocketError): boolean {
  const { status = 0, kind } = Object(error) as { status?: number; kind?: string };
  return [401, 403, 4401, 4403].includes(closeCodeOf(error) || status) || kind === 'rejected';
}

function isMisconfiguration(error: GraphQLSocketError): boolean {
  const { name, kind } = Object(error) as { name?: string; kind?: string };
  return (
    hasErrorKind(error, 'misconfiguration') ||
    name === 'ConfigurationError' ||
    kind === 'subprotocol'
  );
}

/** A malformed frame; a close code for one; or a frame that `ws` itself found invalid, after which it closes with 1006. */
function isProtocolFault(error: GraphQLSocketError): boolean {
  const { name, cause } = Object(error) as { name?: string; cause?: { code?: unknown } };
  return (
    hasErrorKind(error, 'protocol-fault') ||
    name === 'ProtocolError' ||
    protocolFaultCodes.includes(closeCodeOf(error)) ||
    String(cause?.code).startsWith('WS_ERR_')
  );
}

/** This many closes in answer to `connection_init`, over so many ms at least, are a refusal: a server that starts may close a few times. */
const maxRefusals = 3;
const refusalMs = 3_000;

/** Counts closes in answer to `connection_init`. */
function createRefusalCounter() {
  let count = 0;
  let first = 0;
  return {
    /** Counts one, and returns false if it is final. */
    tolerate() {
      const now = asyncScheduler.now();
      if (count === 0) first = now;
      count += 1;
      return count < maxRefusals || now - first < refusalMs;
    },
    forget() {
      count = 0;
    },
  };
}

/** One protocol fault may happen. This many within a minute are a loop. */
const maxFaults = 3;
const minute = 60_000;

/**
 * Counts faults: `endure` counts one, and returns false for the fault that reaches the maximum. It reads the clock, because a timer
 * would outlive the last subscriber. A fault from the future, by a clock that was put back, is dropped.
 */
function createFaultCounter() {
  let faults: readonly number[] = [];
  return {
    endure() {
      const now = asyncScheduler.now();
      faults = [...faults.filter((at) => at <= now && now - at < minute), now];
      return faults.length < maxFaults;
    },
    forget() {
      faults = [];
    },
  };
}

/** Whether it is a loss in the midst of a search for a culprit. */
function isOfSearch(error: GraphQLSocketError): boolean {
  return hasErrorKind(error, 'search') || hasErrorKind(error, 'found');
}
