import { expect } from 'chai';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { take, tap } from 'rxjs';
import { bench } from '../helpers/bench.js';
import { advance, now, record, runVirtually, timers } from '../helpers/test.js';
import type { Recording } from '../helpers/virtually.js';
import { complete, current, failure } from '../helpers/wire.js';

const query = 'subscription { a }';

interface Join {
  readonly what: 'join';
  readonly replay: number;
  readonly linger: number;
  readonly errorPolicy: 'none' | 'ignore';
  /** It leaves by itself after so many values. */
  readonly most: number;
  /** Another joins in its first `next`. */
  readonly brings: boolean;
}
type Command =
  | Join
  | { readonly what: 'leave'; readonly who: number }
  | { readonly what: 'value' | 'partial' | 'failed' | 'null' | 'nothing' | 'malformed' }
  | { readonly what: 'complete' | 'failure' | 'lose' }
  | { readonly what: 'wait'; readonly ms: number };

const join = fc.record({
  what: fc.constant('join' as const),
  replay: fc.constantFrom(0, 0, 1, 2, Infinity),
  linger: fc.constantFrom(0, 5),
  errorPolicy: fc.constantFrom('none' as const, 'ignore' as const),
  most: fc.constantFrom(1, 2, 3, 1e9, 1e9),
  brings: fc.boolean(),
});
const odd = ['partial', 'failed', 'null', 'nothing'] as const;
const rare = ['malformed', 'complete', 'failure', 'lose'] as const;
const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: join },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('leave' as const), who: fc.nat(20) }) },
  { weight: 8, arbitrary: fc.constant({ what: 'value' as const }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constantFrom(...odd) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constantFrom(...rare) }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('wait' as const), ms: fc.nat(6) }) },
);

/** A stream that shares, and one that asked for the same at the same time and does not. */
interface Member {
  readonly prefix: readonly unknown[][];
  readonly lone: Recording<unknown>;
  shared?: Recording<unknown>;
}

/** A shared operation: for all that ask for the same in the same way. */
interface Group {
  readonly how: Pick<Join, 'replay' | 'linger' | 'errorPolicy'>;
  members: Member[];
  /** The values that a stream of its own would have given. */
  kept: unknown[];
  /** When it is stopped if nobody comes. */
  until: number;
}

function party() {
  const { socket, at, live } = bench();
  const all: Member[] = [];
  const ended = new Set<unknown>();
  const groups = new Map<string, Group>();
  let connected = false;
  let values = 0;

  socket.status$.subscribe(({ state }) => (connected = state === 'connected'));

  const open = () =>
    at(-1).sent.reduce((ops, { type, id, payload }) => {
      if (type === 'subscribe' && !ended.has(id)) ops.set(id, payload);
      if (type === 'complete') ops.delete(id);
      return ops;
    }, new Map<unknown, unknown>());
  const tellAll = (frame: (id: string) => unknown) => {
    for (const id of open().keys()) at(-1).send(frame(String(id)));
  };
  const drop = (over: (group: Group) => boolean) => {
    for (const [key, group] of groups) if (over(group)) groups.delete(key);
  };
  const depart = (gone: (member: Member) => boolean) => {
    for (const group of groups.values()) {
      if (!group.members.some(gone)) continue;
      group.members = group.members.filter((member) => !gone(member));
      group.until = now() + (connected ? group.how.linger : 0);
    }
  };
  const hasEnded = ({ lone }: Member) => typeof lone.log.at(-1)?.[1] === 'string';
  const groupOf = ({ replay, linger, errorPolicy }: Join) => {
    const key = [replay, linger, errorPolicy].join();
    const how = { replay, linger, errorPolicy };
    const group = groups.get(key) ?? { how, members: [], kept: [], until: 0 };
    groups.set(key, group);
    return group;
  };
  const enter = (join: Join) => {
    const { replay, linger, errorPolicy, most } = join;
    const group = groupOf(join);
    const prefix = group.kept.slice(0, most).map((data) => [now(), data]);
    const lone$ = socket.subscribe$({ query, operationName: 'Lone' }, { errorPolicy });
    const member: Member = { prefix, lone: record(lone$.pipe(take(most - prefix.length))) };
    all.push(member);
    group.members.push(member);
    let { brings } = join;
    const bring = () => {
      if (brings) enter({ ...join, brings: (brings = false) });
    };
    const shared$ = socket.subscribe$(query, { errorPolicy, share: { replay, linger } });
    member.shared = record(shared$.pipe(take(most), tap(bring)));
    depart(hasEnded);
  };
  const result = (what: Command['what']) => {
    values += 1;
    const data = what === 'null' || what === 'failed' ? null : values;
    const failed = what === 'partial' || what === 'failed';
    const passes = ({ errorPolicy }: Group['how']) =>
      what !== 'nothing' && (errorPolicy === 'none' ? !failed : data !== null);
    for (const group of groups.values()) {
      const { replay } = group.how;
      if (passes(group.how)) group.kept = replay ? [...group.kept, data].slice(-replay) : [];
    }
    if (failed) drop(({ how }) => how.errorPolicy === 'none');
    const errors = failed ? [{ message: 'half' }] : undefined;
    const payload = what === 'nothing' ? { hasNext: false } : { data, errors };
    tellAll((id) => current.next(id, payload));
    depart(hasEnded);
  };
  const end = (frame: (id: string) => unknown) => {
    if (!connected) return;
    groups.clear();
    const ids = [...open().keys()];
    tellAll(frame);
    for (const id of ids) ended.add(id);
  };
  const play = (command: Command) => {
    switch (command.what) {
      case 'join':
        enter(command);
        break;
      case 'leave': {
        const member = all[command.who % (all.length || 1)];
        member?.lone.unsubscribe();
        member?.shared?.unsubscribe();
        depart((each) => each === member);
        break;
      }
      case 'wait':
        advance(command.ms);
        drop(({ members, until }) => members.length === 0 && until <= now());
        break;
      case 'lose':
        if (!connected) break;
        at(-1).close(1001);
        drop(({ members }) => members.length === 0);
        advance(2_000);
        break;
      case 'malformed':
        end((id) => current.next(id, 'nonsense'));
        break;
      case 'complete':
        end(complete);
        break;
      case 'failure':
        end((id) => failure(id, 'no'));
        break;
      default:
        if (connected) result(command.what);
    }
  };
  const check = () => {
    for (const { prefix, lone, shared } of all)
      expect(shared?.log).to.deep.equal([...prefix, ...lone.log]);
    if (!connected) return;
    const shared = [...open().values()].filter(
      (payload) => !(payload as { operationName?: string }).operationName,
    );
    expect(shared).to.have.length(groups.size);
  };
  const leave = () => {
    for (const { lone, shared } of all) {
      lone.unsubscribe();
      shared?.unsubscribe();
    }
    advance(20);
    expect([live().length, timers()]).to.deep.equal([0, 0]);
  };
  return { play, check, leave };
}

describe('shareOperations', () => {
  it('gives each what a stream of its own would give, behind what is replayed', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 60, size: 'max' }), (commands) => {
        runVirtually(() => {
          const { play, check, leave } = party();
          for (const command of commands) {
            play(command);
            check();
          }
          leave();
        });
      }),
      { numRuns: 300 },
    );
  });
});
