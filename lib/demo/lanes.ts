import { createAccount, type Cell } from './account.js';
import type { Client } from './client.js';
import { faults, type Fault } from './faults.js';
import { naiveClient } from './naive.js';
import { reliableClient } from './ours.js';

export const titles = { naive: 'A plain WebSocket', ours: 'rx-graphql-ws' } as const;

export type LaneName = keyof typeof titles;

/** The truth: the latest block, and the streams that the server works for, and would bill. */
export type ServerState = Readonly<{ block: number; billed: Readonly<Record<LaneName, number>> }>;

/** A client with its account. */
export type Lane = ReturnType<typeof createLane>;
export type Lanes = ReturnType<typeof createLanes>;

/** `every`: ms between two blocks; `pace`: the part of the usual time that everything takes; `strike`: orders a fault of the server. */
export interface LanesOptions {
  readonly url: string;
  readonly every: number;
  readonly pace: number;
  readonly strike: (fault: Fault) => void;
  readonly cell: (lane: LaneName, block: number, cell: Cell) => void;
  readonly state: (lane: LaneName, text: string) => void;
}

/** ms that a block may be on its way before it counts as missing. */
const grace = 1_000;

/** Both clients, on one server. */
export function createLanes(options: LanesOptions) {
  const ours = createLane('ours', reliableClient, options);
  const both = [createLane('naive', naiveClient, options), ours];
  const each = (act: keyof Client) => both.forEach(({ client }) => client[act]());
  let [latest, isBegun] = [0, false];
  let removing: ReturnType<typeof setTimeout> | undefined;
  /** The accounts begin anew behind the latest block. */
  const begin = () => {
    isBegun = true;
    for (const { account, gaps } of both) {
      account.begin(latest + 1);
      gaps.clear();
    }
  };
  return {
    ...{ ours, both, begin },
    leave: () => each('leave'),
    /** Compares with the truth. `isFinal`: no block is on its way. */
    tick({ block, billed }: ServerState, isFinal = false) {
      latest = block;
      if (!isBegun && both.every(({ time }) => time > 0)) begin();
      for (const lane of both) {
        lane.billed = billed[lane.name];
        lane.account.settle(isFinal ? block : block - Math.ceil(grace / options.every));
      }
    },
    act(fault: Fault) {
      if (fault === 'ignored-stop') each('change');
      else if (fault === 'bad-operation') {
        each('add');
        removing = setTimeout(() => each('remove'), faults[fault].lasts * options.pace);
      } else options.strike(fault);
    },
    close() {
      clearTimeout(removing);
      each('close');
    },
  };
}

function createLane(name: LaneName, createClient: typeof naiveClient, options: LanesOptions) {
  const { url, pace, cell, state } = options;
  let tokens = 0;
  const account = createAccount((block, now) => cell(name, block, now));
  /** The gaps that the client noticed, and whether each stays. */
  const gaps = new Map<number, boolean>();
  /** `time`: of the last value, in ms since the epoch; 0: there was none. */
  const lane = { name, account, gaps, isConnected: false, time: 0, billed: 0 };
  const client = createClient({
    // in place of a service that gives tokens out
    token: () => `${name}-${(tokens += 1)}`,
    ...{ url, pace },
    trade: ({ block, time, recovered = false }) => {
      lane.time = Math.max(lane.time, Date.parse(time));
      account.take(block, recovered);
    },
    state: (isConnected, text) => {
      lane.isConnected = isConnected;
      state(name, text);
    },
    gap: (id, isOpen) => gaps.set(id, isOpen),
  });
  return Object.assign(lane, { client });
}
