import type { GraphQLSocketError } from '../errors.js';
import { isMisconfiguration } from '../error-marks.js';
import { isCredentialsCloseCode, isFatalCloseCode } from '../transport/close-code.js';
import { callUser } from '../validate.js';
import { createStrikes, isStrike } from './strikes.js';

/** Whether to dial again, by what has happened to one socket object so far. */
export interface Verdicts {
  /** `free`: granted whatever the number of attempts. */
  of(error: GraphQLSocketError): { readonly again: boolean; readonly free: boolean };
  /** Somebody subscribes, and nobody was subscribed. */
  begin(): void;
  connected(): void;
  stable(): void;
}

export function createVerdicts(
  refreshable: boolean,
  shouldRetry?: (error: GraphQLSocketError, byDefault: boolean) => boolean,
): Verdicts {
  const strike = createStrikes();
  let everConnected = false;
  let refreshed = false;
  const stable = () => {
    refreshed = false;
  };
  const verdictOn = (kind: FailureKind) => {
    switch (kind) {
      case 'credentials':
        return refreshable && !refreshed;
      case 'misconfiguration':
        return everConnected;
      case 'strike':
        return strike();
      default:
        return kind === 'passing';
    }
  };
  return {
    of(error) {
      const kind = classifyFailure(error);
      const byDefault = verdictOn(kind);
      const again = shouldRetry
        ? callUser('retry.shouldRetry', () => shouldRetry(error, byDefault))
        : byDefault;
      const free = kind === 'credentials' && byDefault;
      refreshed ||= free;
      return { again, free };
    },
    begin: stable,
    connected() {
      everConnected = true;
    },
    stable,
  };
}

type FailureKind = 'passing' | 'credentials' | 'misconfiguration' | 'strike' | 'fatal';

/** What a failed attempt or a lost connection means. */
function classifyFailure(error: GraphQLSocketError): FailureKind {
  const {
    code = 0,
    status = 0,
    kind,
  } = Object(error) as { code?: number; status?: number; kind?: string };
  if (isCredentialsCloseCode(code) || status === 401 || status === 403 || kind === 'rejected') {
    return 'credentials';
  }
  if (isMisconfiguration(error)) return 'misconfiguration';
  if (isStrike(error)) return 'strike';
  return isFatalCloseCode(code) ? 'fatal' : 'passing';
}
