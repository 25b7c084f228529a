import { asyncScheduler } from 'rxjs';
import type { GraphQLSocketError } from '../../errors.js';
import { hasErrorKind } from '../../errors.js';
import {
  isCredentialsCloseCode,
  isFatalCloseCode,
  isProtocolFaultCloseCode,
} from '../../transport/close-code.js';
import { callUser } from '../../validate.js';

/** Decides whether to dial again, by the history of one pipeline. */
export interface RetryPolicy {
  /** Without `countsAsAttempt` the retry is granted whatever the number of attempts. */
  decide(error: GraphQLSocketError): { readonly retry: boolean; readonly countsAsAttempt: boolean };
  /** A first subscriber comes. */
  begin(): void;
  connected(): void;
  /** The connection has proven itself. */
  stable(): void;
}

/**
 * @param refreshable - whether another attempt may have other credentials
 * @param shouldRetry - has the last word
 */
export function createRetryPolicy(
  refreshable: boolean,
  shouldRetry?: (error: GraphQLSocketError, byDefault: boolean) => boolean,
): RetryPolicy {
  const protocolFaults = createFaultCounter();
  let everConnected = false;
  let refreshed = false;
  const stable = () => {
    refreshed = false;
  };
  const decideByKind = (kind: FailureKind) => {
    switch (kind) {
      case 'credentials':
        return refreshable && !refreshed;
      case 'misconfiguration':
        return everConnected;
      case 'protocol-fault':
        return protocolFaults.add();
      default:
        return kind === 'passing';
    }
  };
  return {
    decide(error) {
      const kind = failureKind(error);
      const byDefault = decideByKind(kind);
      const retry = shouldRetry
        ? callUser('retry.shouldRetry', () => shouldRetry(error, byDefault))
        : byDefault;
      const isRefresh = kind === 'credentials' && byDefault;
      refreshed ||= isRefresh;
      return { retry, countsAsAttempt: !isRefresh };
    },
    begin: stable,
    connected() {
      everConnected = true;
    },
    stable,
  };
}

type FailureKind = 'passing' | 'credentials' | 'misconfiguration' | 'protocol-fault' | 'fatal';

function failureKind(error: GraphQLSocketError): FailureKind {
  const {
    code = 0,
    status = 0,
    kind,
  } = Object(error) as {
    readonly code?: number;
    readonly status?: number;
    readonly kind?: string;
  };
  if (isCredentialsCloseCode(code) || status === 401 || status === 403 || kind === 'rejected') {
    return 'credentials';
  }
  if (isMisconfiguration(error)) return 'misconfiguration';
  if (isProtocolFault(error)) return 'protocol-fault';
  return isFatalCloseCode(code) ? 'fatal' : 'passing';
}

function isMisconfiguration(error: unknown): boolean {
  const { name, kind } = Object(error) as { name?: unknown; kind?: unknown };
  return (
    hasErrorKind(error, 'misconfiguration') ||
    name === 'ConfigurationError' ||
    kind === 'subprotocol'
  );
}

/** A malformed frame; a close code for one; or a frame that `ws` itself found invalid, after which it closes with 1006. */
function isProtocolFault(error: GraphQLSocketError): boolean {
  if (hasErrorKind(error, 'protocol-fault') || error.name === 'ProtocolError') return true;
  if (error.name !== 'ConnectionClosedError') return false;
  const { code = '' } = Object(error.cause) as { code?: unknown };
  return isProtocolFaultCloseCode(error.code) || String(code).startsWith('WS_ERR_');
}

/** One protocol fault may happen. This many within a minute are a loop. */
const maxFaults = 3;
const minute = 60_000;

/** Counts faults with the clock, because a timer would outlive the last subscriber. A fault from the future, by a clock that was put back, is dropped. */
function createFaultCounter() {
  let faults: readonly number[] = [];
  return {
    /** False for the fault that reaches the maximum. */
    add(): boolean {
      const now = asyncScheduler.now();
      faults = [...faults.filter((at) => at <= now && now - at < minute), now];
      return faults.length < maxFaults;
    },
  };
}
