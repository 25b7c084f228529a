import type { GraphQLSocketError } from 'rx-graphql-ws';
import type { Line } from './line.js';
import type { Settings } from './settings.js';

/** What the policy says of a failure. */
type Verdict = 'fatal' | 'retry' | 'either';

/** Gives the verdicts of one run. Times are ms since the run began. */
export interface Judge {
  /** On the failure that `status$` tells, of the connection dialled last, or of the first offer. */
  judge(error: GraphQLSocketError, lines: readonly Line[], now: number): Verdict;
  /** A connection was acknowledged. */
  acked(): void;
  /** An operation may have been found to be the reason: the faults before may be forgotten. */
  found(): void;
  /** Whether a server has said anything that its subprotocol has. */
  understood: boolean;
  /** The server did what may be a protocol fault. */
  struck(now: number): void;
  /** Nobody is connected any more: the next subscriber starts afresh. */
  afresh(): void;
  /** A renewal has replaced the connection on this line, or an attempt or a wait: attempts are counted on, unless nobody was connected in between. */
  renewed(line: Line | undefined, now: number): void;
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
  /** Closes in answer to `connection_init`, before there was any connection. */
  let initRefusals = 0;
  let firstInitRefusal = 0;
  /** A search may have begun, over which no attempt and no fault is counted. */
  let mayHaveSearched = false;
  let mayBeAfresh = false;

  const prove = (line: Line | undefined, now: number) => {
    if (line?.ackedAt === undefined) return;
    if (!line.proven && now - line.ackedAt < resetAfter) return;
    retries = refusals = refusalsInAll = 0;
    mayHaveSearched = mayBeAfresh = false;
  };
  const onFault = (now: number, line: Line | undefined): Verdict => {
    faults = faults.filter((at) => now - at < minute - slack);
    // in a search no fault is charged
    if (!line || line.suspects === 0) faults.push(now);
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
    if (line?.fault === 'subprotocol' && line.ackedAt !== undefined) return 'fatal';
    const isInitRefusal = refusesInit(line) && !everAcked;
    if (isInitRefusal) {
      if (initRefusals === 0) firstInitRefusal = now;
      initRefusals += 1;
      const ms = now - firstInitRefusal;
      if (initRefusals < 3 || ms < 3_000 - slack) return 'retry';
      return ms > 3_000 + slack && now - jumpedAt > minute ? 'fatal' : 'either';
    }
    // a refusal is one, also behind a ping that was not answered
    if (kind === 'rejected' || code === 4401 || code === 4403) return onRefusal();
    if (line && line.pings > 0 && (line.silent || line.closesAtPing !== undefined)) return 'either';
    if (fatalCodes.includes(code)) return 'fatal';
    if (kind === 'subprotocol') return everAcked ? 'retry' : 'fatal';
    const isFault = error.name === 'ProtocolError' || faultCodes.includes(code);
    if (isFault || line?.endedWith === garbled) return onFault(now, line);
    // a protocol fault only if nobody is to blame
    if ((code === 4400 || code === 4500) && suspected.length > 2) return 'either';
    return 'retry';
  };

  return {
    judge(error, lines, now) {
      const line = lines.at(-1);
      prove(line, now);
      const verdict = byKind(error, line, now);
      const { code, kind } = error as { code?: number; kind?: string };
      const refused = (kind === 'rejected' && !refusesInit(line)) || code === 4401 || code === 4403;
      if (line && line.suspects > 0) mayHaveSearched = true;
      if (mayHaveSearched && verdict === 'fatal' && isCounted(code, error)) {
        retries += 1;
        return 'either';
      }
      if (verdict === 'fatal' || refused) {
        retries += 1;
        return refused && mayBeAfresh ? 'either' : verdict;
      }
      // after a second offer that fails the first failure is told, and it may have been a fault
      if (isOfFirstOffer(error, lines) && onFault(now, lines.at(-2)) !== 'retry') return 'either';
      const usedUp = retryCount !== undefined && retries >= retryCount;
      retries += 1;
      if (!usedUp) return verdict;
      return mayHaveSearched || mayBeAfresh ? 'either' : 'fatal';
    },
    understood: false,
    found() {
      faults = [];
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
    renewed(line, now) {
      prove(line, now);
      mayBeAfresh = true;
    },
    jumped(now) {
      jumpedAt = now;
    },
  };
}

/** Whether it may be the failure of the dial before, whose frames were broken, and which offered more. */
function isOfFirstOffer(error: GraphQLSocketError, lines: readonly Line[]): boolean {
  const [before, line] = lines.slice(-2);
  if (!line || before?.endedWith !== garbled) return false;
  const isSecondOffer = line.peer.offered.length < before.peer.offered.length;
  return isSecondOffer && 'code' in error && error.code === 1006;
}

/** A close in place of an ack. */
function refusesInit(line: Line | undefined): boolean {
  const code = line?.endedWith ?? 0;
  const isOpen = line?.initialisedAt !== undefined && line.ackedAt === undefined;
  return isOpen && [1000, 1005, 1011, 4400, 4500].includes(code);
}

/** Whether the verdict depends on how many faults there were. */
function isCounted(code: number | undefined, { name }: GraphQLSocketError): boolean {
  return name === 'ProtocolError' || code === 1006 || faultCodes.includes(code ?? 0);
}

/** In place of a close code: `ws` found a fault in a frame, and closed with 1006. */
export const garbled = -1;
