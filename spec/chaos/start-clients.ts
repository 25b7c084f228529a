import type { ClientLine } from './log-line.js';
import type { Network } from './network.js';
import type { ClientConfig, Sabotage } from './programs.js';
import { linesOf } from './seen.js';
import { startProgram, type Program } from './start-program.js';

/** The clients of a rig, in one process. */
export interface Clients extends Program<ClientLine> {
  readonly names: readonly string[];
  /** What one of them has said. */
  of(name: string): readonly ClientLine[];
  /** Resolves once each has had its first value. */
  receiving(): Promise<void>;
}

/** Starts clients on the client's side of a network. */
export function startClients(
  network: Network,
  clients: readonly ClientConfig[],
  sabotage?: Sabotage,
): Clients {
  const config = { clients, sabotage };
  const program = startProgram<ClientLine>(network, 'client', './clients.ts', config);
  const names = clients.map(({ name }) => name);
  return {
    ...program,
    names,
    of: (name) => linesOf(program.lines, name),
    async receiving() {
      for (const name of names) {
        const isFirst = (line: ClientLine) => line.client === name && line.type === 'value';
        const first = await program.until(isFirst, 30_000);
        if (!first) throw new Error(`${name} gets no values`);
      }
    },
  };
}
