import type { ServerLine } from './log-line.js';
import type { Network } from './network.js';
import type { FeedServerConfig } from './programs.js';
import { startProgram, type Program } from './start-program.js';

/** The server of a rig, through all of its processes. */
export interface Feed extends FeedServerConfig {
  /** Ends its process without a goodbye. */
  kill(): void;
  /** Listens again, with a process that has been standing by: no time is lost in loading. */
  restart(): Promise<void>;
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
  /** What each of its processes has said. */
  ledgers(): readonly (readonly ServerLine[])[];
  /** When row k exists, in ms since the epoch. */
  existsAt(number: number): number;
}

/**
 * Starts a feed on the server's side of a network, and waits until it listens.
 *
 * @param options - what the process is told; the feed starts now
 * @param mortal - whether it is to be killed and restarted
 */
export async function startFeed(
  network: Network,
  options: Omit<FeedServerConfig, 'start'>,
  mortal = false,
): Promise<Feed> {
  const config = { ...options, start: Date.now() };
  const standBy = () => startProgram<ServerLine>(network, 'server', './feed-server.ts', config);
  const processes: Program<ServerLine>[] = [];
  let next: Program<ServerLine> | undefined;
  const restart = async () => {
    const program = next ?? standBy();
    processes.push(program);
    program.go();
    const listening = await program.until(({ type }) => type === 'listening', 30_000);
    if (!listening) throw new Error('the server of the rig does not listen');
    next = mortal ? standBy() : undefined;
  };
  await restart();
  return {
    ...config,
    kill: () => processes.at(-1)?.signal('SIGKILL'),
    restart,
    signal: (name) => processes.at(-1)?.signal(name),
    ledgers: () => processes.map(({ lines }) => lines),
    existsAt: (number) => config.start + number * config.every,
  };
}
