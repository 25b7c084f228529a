import type { Environment } from './environment.js';

/** A sub-command that another part of the package brings along. */
export interface AddedCommand {
  readonly name: string;
  readonly summary: string;
  /** The flags of each option, its description, and its default. */
  readonly options: readonly (readonly [
    flags: string,
    description: string,
    value?: string | undefined,
  ])[];
  /** Runs it with the values of its options. Resolves with the exit code. */
  run(
    options: Readonly<Record<string, string | boolean | undefined>>,
    environment: Environment,
  ): Promise<number>;
}

/** The only place where the program learns of such commands. */
export const addedCommands: readonly AddedCommand[] = [];
