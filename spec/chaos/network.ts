import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { promisify } from 'node:util';
import { clientAddress, serverAddress } from './programs.js';

const execute = promisify(execFile);
const prefix = 'rxgql-chaos';

export type Side = 'server' | 'client';

/** Two network namespaces with a cable between them. */
export interface Network {
  /** The command that runs a program on one side. */
  command(side: Side, program: readonly string[]): readonly string[];
  /** What happens to packets that arrive at a side: rules of nft, none for all is well. */
  arriving(side: Side, ...rules: readonly string[]): Promise<void>;
  /** kbit/s that a side may send; undefined for no limit. */
  limit(side: Side, rate: number | undefined): Promise<void>;
  link(side: Side, state: 'up' | 'down'): Promise<void>;
  /** All is well again, whatever was wrong. */
  heal(): Promise<void>;
}

/**
 * Makes a network, which is gone when this process ends.
 *
 * @throws Error - the namespaces cannot be made: it takes root, iproute2 and nftables
 */
export async function createNetwork(label: string): Promise<Network> {
  const name = (side: Side) => `${prefix}-${process.pid}-${label}-${side}`;
  const ip = (...args: readonly string[]) => execute('ip', args);
  const inside = (side: Side, ...args: readonly string[]) =>
    execute('ip', ['netns', 'exec', name(side), ...args]);
  const ofBoth = async (act: (side: Side) => Promise<unknown>) => {
    await Promise.all([act('server'), act('client')]);
  };
  const arriving: Network['arriving'] = async (side, ...rules) => {
    const lines = rules.map((rule) => `add rule inet chaos arriving ${rule}`);
    await inside(side, 'nft', ['flush chain inet chaos arriving', ...lines].join(';'));
  };
  const limit: Network['limit'] = async (side, rate) => {
    const tbf = ['tbf', 'rate', `${rate}kbit`, 'burst', '2kb', 'latency', '2s'];
    const args = rate === undefined ? ['noqueue'] : tbf;
    await execute('tc', ['-n', name(side), 'qdisc', 'replace', 'dev', 'eth0', 'root', ...args]);
  };
  const link: Network['link'] = async (side, state) => {
    await ip('-n', name(side), 'link', 'set', 'eth0', state);
  };

  process.once('exit', () => remove([name('server'), name('client')]));
  await ofBoth((side) => ip('netns', 'add', name(side)));
  const peer = ['type', 'veth', 'peer', 'name', 'eth0', 'netns', name('client')];
  await ip('-n', name('server'), 'link', 'add', 'eth0', ...peer);
  await ip('-n', name('server'), 'addr', 'add', `${serverAddress}/24`, 'dev', 'eth0');
  await ip('-n', name('client'), 'addr', 'add', `${clientAddress}/24`, 'dev', 'eth0');
  await ofBoth(async (side) => {
    await link(side, 'up');
    // Where packets arrive, never where they leave: to a sender a drop of its own is no loss, its TCP tries again at another pace.
    const chain = 'add chain inet chaos arriving { type filter hook input priority 0; }';
    await inside(side, 'nft', `add table inet chaos; ${chain}`);
  });
  return {
    command: (side, program) => ['ip', 'netns', 'exec', name(side), ...program],
    arriving,
    limit,
    link,
    heal: () =>
      ofBoth(async (side) => {
        await arriving(side);
        await limit(side, undefined);
        await link(side, 'up');
      }),
  };
}

/** Removes what a run left behind that could not: its process is gone. */
export function sweepNetworks(): void {
  if (!existsSync('/run/netns')) return;
  const left = readdirSync('/run/netns');
  remove(left.filter((name) => name.startsWith(`${prefix}-`) && !isRunning(name.split('-')[2]!)));
}

function isRunning(pid: string): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}

function remove(names: readonly string[]): void {
  for (const name of names) {
    try {
      execFileSync('ip', ['netns', 'delete', name], { stdio: 'ignore' });
    } catch {
      // it was never made
    }
  }
}
