import type { GraphQLSocketError } from 'rx-graphql-ws';
import type { Line } from './line.js';
import type { Settings } from './settings.js';

/** What the policy says of a failure. */
type Verdict = 'fatal' | 'retry' | 'either';

/** Gives the verdicts of one run. Times are ms since the run began. */
export interface Judge {
  /** On the failure that `status$` tells, of the connection dialled last. */
  judge(error: GraphQLSocketError, line: Line | undefined, now: number): Verdict;
  /** A connection was acknowledged. */
  acked(): void;
  /** The server did what may be a protocol fault. */
  struck(now: number): void;
  /** Nobody is connected any more: the next subscriber starts afresh. */
  afresh(): void;
  /** The clock jumped; protocol faults are counted by it. */
  jumped(now: number): void;
}

const fatalCodes = [1010, 1015, 4406, 4409, 4429];
const faultCodes = [1002, 1003, 1007, 1008, 1009];
const minute = 60_000;
const resetAfter = 5_000;
/** ms that a verdict of the library's may come late. */
const slack = 10;

export function createJudge({ credentials, retryCount }: Settings): Judge {
  const constant = credentials === 'none' || credentials === 'constant';
  let everAcked = false;
  let faults: number[] = [];
  let suspected: number[] = [];
  let jumpedAt = -Infinity;
  let retries = 0;
  let refusals = 0;
  let refusalsInAll = 0;

  const prove = (line: Line | undefined, now: number) => {
    if (line?.ackedAt === undefined) return;
    if (!line.proven && now - line.ackedAt < resetAfter) return;
    retries = refusals = refusalsInAll = 0;
  };
  const onFault = (now: number): Verdict => {
    faults = [...faults.filter((at) => now - at < minute - slack), now];
    suspected = suspected.filter((at) => now - at < minute + slack);
    if (now - jumpedAt < 2 * minute) return 'either';
    if (faults.length > 2) return 'fatal';
    return suspected.length > 2 ? 'either' : 'retry';
  };
  const onRefusal = (): Verdict => {
    refusals += 1;
    refusalsInAll += 1;
    if (constant || refusals > 1) return 'fatal';
    return refusalsInAll > 1 ? 'either' : 'retry';
  };
  const byKind = (error: GraphQLSocketError, line: Line | undefined, now: number): Verdict => {
    const { code = 0, kind } = error as { code?: number; kind?: string };
    if (fatalCodes.includes(code)) return 'fatal';
    if (kind === 'subprotocol') return everAcked ? 'retry' : 'fatal';
    if (kind === 'rejected' || code === 4401 || code === 4403) return onRefusal();
    const isFault = error.name === 'ProtocolError' || faultCodes.includes(code);
    if (isFault || line?.endedWith === garbled) return onFault(now);
    // a protocol fault only if nobody is to blame
    if ((code === 4400 || code === 4500) && suspected.length > 2) return 'either';
    return 'retry';
  };

  return {
    judge(error, line, now) {
      prove(line, now);
      const verdict = byKind(error, line, now);
      const { code, kind } = error as { code?: number; kind?: string };
      const refused = kind === 'rejected' || code === 4401 || code === 4403;
      if (verdict === 'fatal' || refused) {
        retries += 1;
        return verdict;
      }
      const usedUp = retryCount !== undefined && retries >= retryCount;
      retries += 1;
      return usedUp ? 'fatal' : verdict;
    },
    acked() {
      everAcked = true;
    },
    struck(now) {
      suspected.push(now);
    },
    afresh() {
      retries = refusals = 0;
    },
    jumped(now) {
      jumpedAt = now;
    },
  };
}

/** In place of a close code: `ws` found a fault in a frame, and closed with 1006. */
export const garbled = -1;
