import { asyncScheduler } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import { closeCodeOf, setErrorKind } from '../errors.js';
import type { PreparedRequest } from '../protocol/request.js';

/** An operation that may have made the server close. */
export interface Suspect {
  readonly prepared: PreparedRequest;
  readonly sentAt: number;
}

type Group = readonly PreparedRequest[];

/** 4400 bad request, 4500 internal error: the server stumbled over a message, and says so. */
const refusalCodes = [4400, 4500];
const tooBig = 1009;
/** Goodbye, restart, overload, no init in time: these say nothing of a message. The retry policy explains the second row. */
const innocentCodes = [
  ...[1000, 1001, 1005, 1012, 1013, 1014, 4408],
  ...[1010, 1015, 4401, 4403, 4406, 4409, 4429],
];
/** ms that suspects are given beyond the time in which the last of them killed a connection. */
const marginMs = 1_000;
/** This many culprits, and nobody who passed in between: the server is at fault. */
const maxCulprits = 3;
const amnestyMs = 60_000;

export type CulpritSearch = ReturnType<typeof createCulpritSearch>;

/**
 * Finds the operation over which a server closes its connections, by halves: over all connections of one pipeline, each of which sends
 * everything else first.
 *
 * @param enabled - false: a lost connection is not replaced, and nobody can be tested
 */
export function createCulpritSearch(enabled = true) {
  /** The groups to be tested, one after the other. */
  let groups: readonly Group[] = [];
  /** The second half of a group that killed. When the first has passed, the second is known to kill. */
  let otherHalf: Group | undefined;
  let kills = new Map<PreparedRequest, number>();
  /** The suspects of the last connection, if it was lost over no clear refusal. */
  let hitBefore: Group = [];
  let lastCode = 0;
  let killMs = 0;
  let culprits = 0;
  let amnestyUntil = 0;

  const end = () => {
    groups = hitBefore = [];
    otherHalf = undefined;
    kills = new Map();
  };
  const halve = (group: Group, middle = Math.ceil(group.length / 2)): readonly Group[] => {
    otherHalf = group.slice(middle);
    return group.length === 1 ? [group] : [group.slice(0, middle), otherHalf];
  };
  const inOrder = (group: Group) => {
    const rank =
      lastCode === tooBig
        ? ({ size }: PreparedRequest) => -size
        : ({ wasAnswered }: PreparedRequest) => Number(wasAnswered);
    return [...group].sort((one, other) => rank(one) - rank(other));
  };
  const isCulprit = (prepared: PreparedRequest) => {
    const count = (kills.get(prepared) ?? 0) + 1;
    kills.set(prepared, count);
    return count > 1 || lastCode === tooBig || refusalCodes.includes(lastCode);
  };
  /** A connection was lost over one of these in the midst of the search. */
  const narrow = (hit: Group, rest: readonly Group[], tookMs: number, certain: boolean) => {
    let found: PreparedRequest | undefined;
    if (hit.length > 1) groups = [...rest, ...halve(hit)];
    else {
      const [only] = hit;
      found = only && certain && isCulprit(only) ? only : undefined;
      groups = found ? rest : [...rest, hit];
    }
    killMs = tookMs;
    if (!found) return undefined;
    culprits += 1;
    if (culprits === maxCulprits) {
      culprits = 0;
      amnestyUntil = asyncScheduler.now() + amnestyMs;
      groups = [];
    }
    if (groups.length === 0) end();
    return found;
  };

  return {
    isSuspect: (prepared: PreparedRequest) => groups.some((group) => group.includes(prepared)),
    /** Whether it is the operation's turn to be tested. */
    isNext: (prepared: PreparedRequest) => groups[0]?.includes(prepared),
    get active() {
      return groups.length > 0;
    },
    /** ms that a connection must live before the first test. After a refusal none, because it names a message. */
    get quietMs() {
      return refusalCodes.includes(lastCode) ? 0 : killMs + marginMs;
    },
    /** ms after which a group has passed. */
    get passMs() {
      return killMs + marginMs;
    },
    /** The group under test did no harm; `proven`: the server had the time to. */
    pass(proven: boolean) {
      groups = groups.slice(1);
      const [next] = groups;
      if (proven) culprits = 0;
      if (next && next === otherHalf && next.length > 1)
        groups = [...halve(next), ...groups.slice(1)];
      if (groups.length === 0) end();
    },
    /**
     * A connection was lost. Returns the culprit, if that is clear, and marks the error of a search, or of a refusal of nothing.
     *
     * @param hit - the suspects: those under test and those that were never sent before, in a search
     * @param testing - whether a group was under test
     * @param certain - whether nobody else can have been the reason
     */
    accuse(
      error: GraphQLSocketError,
      hit: readonly Suspect[],
      testing: boolean,
      certain: boolean,
    ): PreparedRequest | undefined {
      const code = closeCodeOf(error);
      const isSearch = groups.length > 0;
      const isRefusal = refusalCodes.includes(code);
      const suspects = hit.map(({ prepared }) => prepared);
      const before = hitBefore;
      const [only] = suspects;
      hitBefore = [];
      if (error.name !== 'ConnectionClosedError' || innocentCodes.includes(code)) return undefined;
      if (!only) {
        if (isRefusal && certain) setErrorKind(error, 'protocol-fault');
        end();
        return undefined;
      }
      const now = asyncScheduler.now();
      // a clock that is put back does not lengthen it
      if (amnestyUntil - now > 0 && amnestyUntil - now <= amnestyMs) {
        setErrorKind(error, 'plain-loss');
        return undefined;
      }
      if (isSearch && !testing && !isRefusal) {
        // it does not live without them either: the server is at fault
        end();
        hitBefore = suspects;
        return undefined;
      }
      if (!isSearch && isRefusal && certain && suspects.length === 1) return only;
      const again =
        isSearch || isRefusal ? suspects : suspects.filter((each) => before.includes(each));
      if (!enabled || again.length === 0) {
        hitBefore = suspects;
        return undefined;
      }
      const tookMs = now - Math.max(...hit.map(({ sentAt }) => sentAt));
      lastCode = code;
      setErrorKind(error, 'search');
      if (isSearch) {
        const found = narrow(again, testing ? groups.slice(1) : groups, tookMs, certain);
        if (found) setErrorKind(error, 'found');
        return found;
      }
      killMs = tookMs;
      // the largest message alone
      groups = halve(inOrder(again), code === tooBig ? 1 : undefined);
      return undefined;
    },
    end,
  };
}
