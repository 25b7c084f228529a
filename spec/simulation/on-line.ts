import { passTime } from './client-commands.js';
import { command, type Command } from './commands.js';
import type { Line } from './line.js';
import type { World } from './world.js';

/** On the socket that there is. */
export function onLine(name: string, act: (line: Line, real: World) => unknown): Command {
  return command(name, (model, real) => {
    const line = real.server.line();
    if (line) act(line, real);
    else passTime(model, real);
  });
}
