import { asyncScheduler } from 'rxjs';
import { isMarked } from '../error-marks.js';
import type { GraphQLSocketError } from '../errors.js';
import { isStrikeCloseCode } from '../transport/close-code.js';

/** ms in which the third strike is the last. */
const minute = 60_000;
const last = 3;

/** Faults that suggest a broken server: one may happen, three within a minute are a loop. Returns how to count one; false for the last. */
export function createStrikes(): () => boolean {
  let strikes: readonly number[] = [];
  return () => {
    const now = asyncScheduler.now();
    strikes = [...strikes.filter((at) => at <= now && now - at < minute), now];
    return strikes.length < last;
  };
}

/** A malformed frame, a close code for one, or what `ws` itself found in a frame, which it closes with 1006. */
export function isStrike(error: GraphQLSocketError): boolean {
  if (isMarked(error, 'strike') || error.name === 'ProtocolError') return true;
  if (error.name !== 'ConnectionClosedError') return false;
  const { code = '' } = Object(error.cause) as { code?: unknown };
  return isStrikeCloseCode(error.code) || String(code).startsWith('WS_ERR_');
}
