import { asyncScheduler } from 'rxjs';
import type { GraphQLSocketError } from '../errors.js';
import { closeCodeOf, setErrorKind } from '../errors.js';
import type { PreparedRequest } from '../protocol/request.js';

/** An operation that may have made the server close. */
interface Suspect {
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

/** The loss of a connection, as far as operations may be the reason. */
interface Loss {
  /** In a search, the operations under test and the ones that were never sent before; else all that were sent lately and not answered. */
  readonly suspects: readonly Suspect[];
  /** Whether a group was under test. */
  readonly testing: boolean;
  /** Whether nobody else can have been the reason. */
  readonly certain: boolean;
}

/**
 * Finds the operation over which a server closes its connections, by halves: over all connections of one pipeline, each of which sends
 * everything else first.
 */
export class CulpritSearch {
  readonly #enabled: boolean;
  /** The groups to be tested, one after the other. */
  #groups: readonly Group[] = [];
  /** The second half of a group that killed. When the first has passed, the second is known to kill. */
  #otherHalf: Group | undefined;
  #kills = new Map<PreparedRequest, number>();
  /** The suspects of the last connection, if it was lost over no clear refusal. */
  #hitBefore: Group = [];
  #lastCode = 0;
  #killMs = 0;
  #culprits = 0;
  #amnestyUntil = 0;

  /** @param enabled - false: a lost connection is not replaced, and nobody can be tested */
  constructor(enabled = true) {
    this.#enabled = enabled;
  }

  isSuspect(prepared: PreparedRequest): boolean {
    return this.#groups.some((group) => group.includes(prepared));
  }

  /** Whether it is the operation's turn to be tested. */
  isNext(prepared: PreparedRequest): boolean | undefined {
    return this.#groups[0]?.includes(prepared);
  }

  get active(): boolean {
    return this.#groups.length > 0;
  }

  /** ms that a connection must live before the first test. After a refusal none, because it names a message. */
  get quietMs(): number {
    return isRefusal(this.#lastCode) ? 0 : this.passMs;
  }

  /** ms after which a group has passed. */
  get passMs(): number {
    return this.#killMs + marginMs;
  }

  /** The group under test did no harm; `proven`: the server had the time to. */
  pass(proven: boolean): void {
    const [next, ...rest] = (this.#groups = this.#groups.slice(1));
    if (proven) this.#culprits = 0;
    if (next && next === this.#otherHalf && next.length > 1) {
      this.#groups = [...this.#halve(next), ...rest];
    }
    if (!this.active) this.end();
  }

  /** A connection was lost. Returns the culprit, if that is clear, and marks the error of a search, or of a refusal of nothing. */
  accuse(error: GraphQLSocketError, loss: Loss): PreparedRequest | undefined {
    const before = this.#hitBefore;
    this.#hitBefore = [];
    const code = closeCodeOf(error);
    if (error.name !== 'ConnectionClosedError' || innocentCodes.includes(code)) return undefined;
    if (loss.suspects.length === 0) {
      if (isRefusal(code) && loss.certain) setErrorKind(error, 'protocol-fault');
      this.end();
      return undefined;
    }
    if (this.#isAmnesty()) {
      setErrorKind(error, 'plain-loss');
      return undefined;
    }
    return this.#judge(error, code, loss, before);
  }

  end(): void {
    this.#groups = this.#hitBefore = [];
    this.#otherHalf = undefined;
    this.#kills = new Map();
  }

  /** After many culprits nobody is blamed for a while. */
  #isAmnesty() {
    const left = this.#amnestyUntil - asyncScheduler.now();
    // a clock that is put back does not lengthen it
    return left > 0 && left <= amnestyMs;
  }

  #judge(error: GraphQLSocketError, code: number, loss: Loss, before: Group) {
    const suspects = loss.suspects.map(({ prepared }) => prepared);
    const isClear = !this.active && isRefusal(code) && loss.certain && suspects.length === 1;
    if (isClear) return suspects[0];
    const hit = this.#hitAgain(code, loss.testing, suspects, before);
    if (hit) return this.#search(error, code, hit, loss);
    this.#hitBefore = suspects;
    return undefined;
  }

  /** The suspects that are worth a test; undefined if it takes a further loss to tell. */
  #hitAgain(code: number, testing: boolean, suspects: Group, before: Group): Group | undefined {
    if (this.active && !testing && !isRefusal(code)) {
      // it does not live without them either: the server is at fault
      this.end();
      return undefined;
    }
    const isClear = this.active || isRefusal(code);
    const hit = isClear ? suspects : suspects.filter((each) => before.includes(each));
    return this.#enabled && hit.length > 0 ? hit : undefined;
  }

  /** Begins a search, or goes on with it. */
  #search(error: GraphQLSocketError, code: number, hit: Group, loss: Loss) {
    const latest = Math.max(...loss.suspects.map(({ sentAt }) => sentAt));
    this.#killMs = asyncScheduler.now() - latest;
    this.#lastCode = code;
    setErrorKind(error, 'search');
    if (this.active) {
      const rest = loss.testing ? this.#groups.slice(1) : this.#groups;
      const found = this.#narrow(hit, rest, loss.certain);
      if (found) setErrorKind(error, 'found');
      return found;
    }
    // the largest message alone
    this.#groups = this.#halve(this.#inOrder(hit), code === tooBig ? 1 : undefined);
    return undefined;
  }

  /** A connection was lost over one of these in the midst of the search. */
  #narrow(hit: Group, rest: readonly Group[], certain: boolean) {
    const [only] = hit;
    if (!only || hit.length > 1) {
      this.#groups = [...rest, ...this.#halve(hit)];
      return undefined;
    }
    if (!certain || !this.#isCulprit(only)) {
      this.#groups = [...rest, hit];
      return undefined;
    }
    this.#groups = rest;
    this.#culprits += 1;
    if (this.#culprits === maxCulprits) {
      this.#culprits = 0;
      this.#amnestyUntil = asyncScheduler.now() + amnestyMs;
      this.#groups = [];
    }
    if (!this.active) this.end();
    return only;
  }

  #halve(group: Group, middle = Math.ceil(group.length / 2)): readonly Group[] {
    this.#otherHalf = group.slice(middle);
    return group.length === 1 ? [group] : [group.slice(0, middle), this.#otherHalf];
  }

  #inOrder(group: Group) {
    const rank =
      this.#lastCode === tooBig
        ? ({ size }: PreparedRequest) => -size
        : ({ wasAnswered }: PreparedRequest) => Number(wasAnswered);
    return [...group].sort((one, other) => rank(one) - rank(other));
  }

  #isCulprit(prepared: PreparedRequest) {
    const count = (this.#kills.get(prepared) ?? 0) + 1;
    this.#kills.set(prepared, count);
    return count > 1 || this.#lastCode === tooBig || isRefusal(this.#lastCode);
  }
}

function isRefusal(code: number): boolean {
  return refusalCodes.includes(code);
}
